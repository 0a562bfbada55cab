# Voronoi losses as text and tables.

test_that("losses print and are tables", {
  fit <- overfitted(300)
  truth <- merged(without_warnings(moe_dendrogram(fit)), 2)
  loss <- voronoi_loss(fit, truth)
  expect_output(print(loss), "Voronoi loss D2")
  expect_output(print(loss), "t2 = ")
  expect_output(print(voronoi_loss(fit, truth, translate = FALSE)),
                "No translation")
  table <- as.data.frame(loss)
  expect_named(table, c("cell", "size", "block", "exponent", "loss"))
  expect_near(sum(table$loss), loss$loss)
  expect_equal(as.data.frame(tidy(loss)), table)
  expect_equal(rownames(as.data.frame(loss, row.names = letters[seq_len(
    nrow(table))])), letters[seq_len(nrow(table))])
  expect_input_error(tidy(loss, all = TRUE), "Unknown argument")
})
