# Installs the peers that the benchmarks compare with, where they are missing.
#   Rscript bench/install-peers.R
# Debian: apt-get install r-cran-mclust r-cran-flexmix r-cran-mixtools r-cran-mvnfast r-cran-vcd
#         r-cran-matrixstats r-cran-pracma   first spares compiling. MoEClust needs a newer mclust than Debian 12
# has and brings it. meteorits has left CRAN's current packages; its last version is in CRAN's archive.
if (getOption("repos")[["CRAN"]] == "@CRAN@") stop("set options(repos = ) to a CRAN mirror first")
missing <- function(p) p[!vapply(p, requireNamespace, TRUE, quietly = TRUE)]
need <- missing(c("mclust", "flexmix", "mixtools", "MoEClust"))
if (length(need)) utils::install.packages(need)
if (length(missing("meteorits"))) {
  more <- missing(c("pracma", "MASS", "Rcpp", "RcppArmadillo"))
  if (length(more)) utils::install.packages(more)
  utils::install.packages(paste0(getOption("repos")[["CRAN"]], "/src/contrib/Archive/meteorits/meteorits_0.1.1.tar.gz"),
                          repos = NULL, type = "source")
}
for (p in c("mclust", "flexmix", "mixtools", "MoEClust", "meteorits")) {
  cat(sprintf("%-10s %s\n", p, if (requireNamespace(p, quietly = TRUE)) utils::packageVersion(p) else "MISSING"))
}
