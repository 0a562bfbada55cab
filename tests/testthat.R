# Two threads at most, whatever BLAS is installed: set before anything is loaded.
Sys.setenv(OPENBLAS_NUM_THREADS = "1", OMP_THREAD_LIMIT = "2")

library(testthat)
library(gatemix)

test_check("gatemix")
