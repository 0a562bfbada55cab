# Builds the web site from README, help pages and vignettes, without a network
# (`make site`; only search and formulas in its pages need one).
#
#   Rscript tools/site.R DIRECTORY

out <- file.path(getwd(), commandArgs(TRUE)[1])
unlink(out, recursive = TRUE)
dir.create(out, showWarnings = FALSE, recursive = TRUE)
options(pkgdown.internet = FALSE)
pkgdown::build_site(".", override = list(destination = out), devel = FALSE, preview = FALSE,
                    install = FALSE, new_process = FALSE)
