# Renders every vignette with the installed package (`make vignettes`).
#
#   Rscript tools/vignettes.R DIRECTORY

out <- commandArgs(TRUE)[1]
dir.create(out, showWarnings = FALSE, recursive = TRUE)
for (file in Sys.glob("vignettes/*.Rmd")) {
  seconds <- system.time(
    rmarkdown::render(file, output_dir = out, envir = new.env(), intermediates_dir = tempdir())
  )[["elapsed"]]
  cat(sprintf("%s: %.1f seconds\n", file, seconds))
}
