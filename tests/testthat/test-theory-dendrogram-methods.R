# dsc(), best(), merged(), as.hclust() and tables.

tree <- without_warnings(moe_dendrogram(overfitted(500)))

test_that("dsc() takes the height of the next merge", {
  table <- dsc(tree)
  expect_named(table, c("K", "height", "loglik", "dsc", "chosen"))
  average <- tree$loglik / 500
  expect_equal(table$height, c(NA, rev(tree$height)))
  expect_equal(table$dsc[-1],
               -(rev(tree$height) + log(500) * average[-1]))
  expect_equal(table$dsc[1], NA_real_)
  expect_equal(which(table$chosen), which.min(table$dsc))
  other <- dsc(tree, omega = 3, rescaled = TRUE)
  expect_equal(other$dsc[-1],
               -(rev(tree$height) / max(tree$height) +
                   3 * average[-1] / abs(average[4])))
  expect_input_error(dsc(tree, omega = -1), "`omega`")
  expect_input_error(dsc(tree, rescaled = 1), "`rescaled`")
  expect_input_error(dsc(tree, n = 1), "Unknown argument")
  expect_input_error(dsc(1), "moe_dendrogram")
})

test_that("a choice of the largest size brings a warning", {
  few <- tree
  few$loglik[4] <- few$loglik[4] + 1e4
  expect_warning(table <- dsc(few), "no larger size",
                 class = "gatemix_warning_selection")
  expect_equal(which(table$chosen), 4)
  expect_warning(best(few), class = "gatemix_warning_selection")
  expect_no_warning(best(few, K = 4))
  expect_output(print(few), "no larger size")
  expect_no_warning(capture.output(print(few)))
  expect_no_warning(dsc(tree))
  expect_no_match(capture.output(print(tree)), "no larger size")
})

test_that("tables hold what dsc() gives", {
  expect_equal(as.data.frame(tree), dsc(tree))
  expect_equal(rownames(as.data.frame(tree, row.names = letters[1:4])),
               letters[1:4])
  expect_equal(as.data.frame(tidy(tree, rescaled = TRUE)),
               dsc(tree, rescaled = TRUE))
})

test_that("merged() and best() take the size", {
  expect_equal(merged(tree, 3)$K, 3)
  expect_s3_class(merged(tree, 3), "moe_model")
  expect_identical(best(tree, K = 4), tree$fit)
  three <- without_warnings(best(tree, K = 3))
  expect_gte(three$loglik[["maximised"]], tree$loglik[3])
  expect_equal(three$call$K, 3)
  again <- without_warnings(moe(y ~ x, tree$fit$model, K = 3,
                                start = merged(tree, 3)))
  expect_near(again$theta, three$theta, 1e-8)
  expect_input_error(merged(tree, 5), "`K` must be one whole number from 1 to 4")
  expect_input_error(merged(tree), "`K` is missing")
  expect_input_error(best(tree, K = 0), "`K` must be one whole number")
  expect_input_error(best(tree, K = 2, rescaled = TRUE), "nothing is chosen")
  expect_input_error(best(tree, K = 2, omega = 3), "nothing is chosen")
  expect_input_error(best(tree, criterion = "aic"), "Unknown argument")
  expect_input_error(merged(1, 2), "moe_dendrogram")
})

test_that("merged models are models", {
  model <- merged(tree, 2)
  d <- tree$fit$model
  expect_near(as.numeric(logLik(model, d)), tree$loglik[2])
  expect_near(attr(logLik(model, d), "df"), 8)
  expect_equal(dim(predict(model, d, type = "gate")), c(500L, 2L))
  expect_equal(nrow(coef(model, "expert")), 2)
  expect_output(print(model), "Variances")
  expect_equal(nrow(simulate(model, newdata = d[1:5, ], seed = 1)), 5)
  expect_lt(voronoi_loss(as_moe_model(tree$fit), merged(tree, 4))$loss, 1e-10)
})

test_that("as.hclust() gives a tree that cutree() agrees with", {
  h <- as.hclust(tree)
  expect_false(is.unsorted(h$height))
  for (k in 1:4) {
    cut <- unname(cutree(h, k))
    together <- outer(cut, cut, `==`)
    ours <- tree$membership[, k]
    expect_equal(together, outer(ours, ours, `==`))
  }
  expect_equal(order.dendrogram(as.dendrogram(h)), h$order)
  falling <- tree
  falling$height <- c(1, 3, 2)
  expect_equal(as.hclust(falling)$height, c(1, 3, 3))
  one <- moe_dendrogram(moe(eruptions ~ waiting, faithful, K = 1))
  expect_input_error(as.hclust(one), "one expert")
  expect_equal(dsc(one)$dsc, NA_real_)
  expect_equal(best(one)$K, 1)
  expect_identical(capture.output(print(one))[1],
                   "Dendrogram of a mixture of 1 expert (softmax gate)")
})

test_that("print shows the criterion from the largest size on", {
  shown <- capture.output(print(tree))
  expect_identical(shown[1:3], c(
    "Dendrogram of a mixture of 4 experts (softmax gate)",
    "Dissimilarity: rate, in units of the data", ""))
  table <- dsc(tree)[4:1, ]
  expect_identical(endsWith(shown[5:8], " *"), table$chosen)
  numbers <- utils::read.table(text = sub("[*]", "", shown[4:8]), header = TRUE)
  expect_named(numbers, c("K", "height", "loglik", "dsc"))
  expect_identical(numbers$K, table$K)
  expect_equal(numbers$dsc, table$dsc, tolerance = 1e-3)
  expect_identical(tail(shown, 1), paste(
    "height: of the merge that takes K experts to K - 1; * smallest dsc"))
  raw <- without_warnings(moe_dendrogram(tree$fit, standardise = FALSE))
  expect_identical(capture.output(print(raw))[2],
                   "Dissimilarity: rate, of the raw parameters")
})
