# inst/extdata/dendrogram.csv, for the vignette: what bench/dendrogram.R has measured. Run in the package's directory.
stopifnot(file.copy("bench/results/dendrogram.csv", "inst/extdata/dendrogram.csv", overwrite = TRUE))
