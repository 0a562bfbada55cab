test_that("the matching is the best of all permutations", {
  set.seed(4)
  for (K in 1:5) {
    cost <- matrix(stats::runif(K * K), K)
    best <- best_matching(cost)
    expect_setequal(best, seq_len(K))
    all <- as.matrix(expand.grid(rep(list(seq_len(K)), K)))
    all <- all[apply(all, 1, function(o) !anyDuplicated(o)), , drop = FALSE]
    sums <- apply(all, 1, function(o) sum(cost[cbind(seq_len(K), o)]))
    expect_near(sum(cost[cbind(seq_len(K), best)]), min(sums), 1e-12)
  }
  cost <- 1 - diag(17)
  expect_identical(best_matching(cost[sample(17), ] * 2) |> sort(), 1:17)
})
