# Every help page and every vignette must be in _pkgdown.yml, and nothing else.
# Started by `make check`; needs no package.

index <- grep("^ *- [[:alnum:]_.-]+$", readLines("_pkgdown.yml"), value = TRUE)
index <- sub("^ *- ", "", index)

pages <- lapply(Sys.glob("man/*.Rd"), function(file) {
  text <- readLines(file)
  if (any(grepl("\\keyword{internal}", text, fixed = TRUE))) return(NULL)
  sub("^\\\\alias\\{(.*)\\}$", "\\1", grep("^\\\\alias", text, value = TRUE))
})
pages <- c(Filter(length, pages), sub("\\.Rmd$", "", basename(Sys.glob("vignettes/*.Rmd"))))

missing <- Filter(function(aliases) !any(aliases %in% index), pages)
unknown <- setdiff(index, unlist(pages))
if (length(missing)) {
  cat("gatemix: not in _pkgdown.yml: ", toString(vapply(missing, `[`, "", 1)), "\n", sep = "")
}
if (length(unknown)) {
  cat("gatemix: in _pkgdown.yml, but without a page: ", toString(unknown), "\n", sep = "")
}
quit(status = length(c(missing, unknown)) > 0)
