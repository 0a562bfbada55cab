# Makes tests/testthat/fixtures/slope-*.csv: the example data of the package
# capushe 1.1.3 (Brault et al., GPL (>= 2)), and what capushe chooses in random
# collections. Run in the package's directory.

source("tests/testthat/helper-slope.R")
stopifnot(packageVersion("capushe") == "1.1.3")
fixtures <- "tests/testthat/fixtures"

copies <- new.env()
data("datacapushe", package = "capushe", envir = copies)
write.csv(copies$datacapushe, file.path(fixtures, "slope-example.csv"),
          row.names = FALSE, quote = FALSE)

choices <- expand.grid(seed = 1:30, kind = slope_kinds)
choices <- do.call(rbind, lapply(seq_len(nrow(choices)), function(i) {
  kind <- as.character(choices$kind[i])
  collection <- random_collection(kind, choices$seed[i])
  data.frame(kind = kind, seed = choices$seed[i],
             total = signif(sum(collection$contrast), 8),
             t(capushe_choices(collection)))
}))
write.csv(choices, file.path(fixtures, "slope-choices.csv"), row.names = FALSE,
          quote = FALSE)
