test_that("a known offset leads the search where its subtraction leads", {
  d <- old_faithful()
  d$shift <- 10 * sin(seq_len(nrow(d)))
  d$moved <- d$eruptions + d$shift
  control <- moe_control(starts = 5, moves = 2)
  set.seed(1)
  with_offset <- moe(moved ~ waiting + offset(shift), d, K = 2,
                     control = control)
  set.seed(1)
  plain <- moe(eruptions ~ waiting, d, K = 2, control = control)
  expect_near(c(logLik(with_offset)), c(logLik(plain)), 1e-8)
  expect_near(coef(with_offset), coef(plain), 1e-5)
})
