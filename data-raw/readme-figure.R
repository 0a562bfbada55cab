# Draws man/figures/README-fits.png. Run from the project's root:
#   Rscript data-raw/readme-figure.R
library(gatemix)

# The gates of mcycle switch abruptly, which is worth a warning but not here.
set.seed(1)
crash <- suppressWarnings(moe(accel ~ times, data = MASS::mcycle, K = 4), classes = "gatemix_warning_separation")
geyser <- moe(eruptions ~ waiting, data = faithful, K = 2)

dir.create("man/figures", showWarnings = FALSE, recursive = TRUE)
png("man/figures/README-fits.png", width = 1120, height = 430, res = 90)
par(mfrow = c(1, 2), mar = c(4.2, 4.1, 2.6, 1))
plot(crash, xlab = "milliseconds after the impact", ylab = "acceleration of the head (g)")
plot(geyser, type = "density", xlab = "minutes until the next eruption", ylab = "length of the eruption (minutes)")
invisible(dev.off())
