# Makes data/ais.rda from the source of the package sn (GPL-2 | GPL-3), taken
# from the repository that R is configured for. Run in the package's directory.

source_file <- download.packages("sn", tempdir(), type = "source", quiet = TRUE)[1, 2]
untar(source_file, "sn/data/ais.rda", exdir = tempdir())
copies <- new.env()
load(file.path(tempdir(), "sn/data/ais.rda"), copies)

ais <- copies$ais
rownames(ais) <- NULL

# Columns that are defined by others agree with them up to rounding.
stopifnot(
  nrow(ais) == 202, !anyNA(ais), !anyDuplicated(ais),
  abs(ais$BMI - ais$Wt / (ais$Ht / 100)^2) < 0.0051,
  abs(ais$LBM - ais$Wt * (1 - ais$Bfat / 100)) < 0.51
)

save(ais, file = "data/ais.rda", version = 2, compress = "xz")
