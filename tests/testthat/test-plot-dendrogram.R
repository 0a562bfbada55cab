# Plots of dendrograms, in base graphics and ggplot2.

tree <- without_warnings(moe_dendrogram(overfitted(500)))

drawn_tree <- function(tree, ...) {
  pdf(NULL)
  on.exit(dev.off())
  plotted <- plot(tree, ...)
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    picture <- ggplot2::autoplot(tree, ...)
    expect_identical(attr(picture, "plotted"), plotted)
    expect_warning(print(picture), NA)
  }
  plotted
}

test_that("branches meet at the heights of the merges", {
  plotted <- drawn_tree(tree)
  expect_named(plotted, c("branches", "leaves", "dsc"))
  across <- plotted$branches[plotted$branches$y == plotted$branches$yend, ]
  expect_equal(across$y, tree$height)
  expect_equal(plotted$leaves$expert, as.hclust(tree)$order)
  expect_equal(plotted$dsc$dsc, dsc(tree)$dsc[-1])
  # two experts: two groups below, one merge above
  expect_setequal(plotted$branches$group, 0:2)
  expect_equal(unique(plotted$branches$merge[plotted$branches$group == 0]), 3)
})

test_that("each size and scale draws", {
  for (K in 1:4) {
    plotted <- drawn_tree(tree, K = K, scale = "log", rescaled = TRUE)
    expect_equal(plotted$dsc$shown, 2:4 == K)
    expect_setequal(plotted$leaves$group, seq_len(K))
  }
  level <- tree
  level$height <- c(0, 0, 2)
  plotted <- drawn_tree(level, scale = "log")
  expect_true(all(is.finite(plotted$branches$y)))
  level$height[] <- 0
  expect_true(all(is.finite(drawn_tree(level, scale = "log")$branches$y)))
})

test_that("plots leave par() as it was and refuse what means nothing", {
  pdf(NULL)
  on.exit(dev.off())
  before <- par(no.readonly = TRUE)
  plot(tree, main = "a title")
  expect_equal(par("mfrow", "mar", "cex"), before[c("mfrow", "mar", "cex")])
  par(mfrow = c(1, 2))
  plot(tree, col = c("red", "blue"))
  expect_equal(par("mfrow"), c(1, 2))
  expect_input_error(plot(tree, col = "red"), "`col` must have one colour")
  expect_input_error(plot(tree, scale = "sqrt"), "`scale`")
  expect_input_error(plot(tree, K = 9), "`K`")
  expect_input_error(plot(tree, type = 1), "does not know")
  one <- moe_dendrogram(moe(eruptions ~ waiting, faithful, K = 1))
  expect_input_error(plot(one), "one expert has no tree")
})
