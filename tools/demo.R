# A tour of gatemix on real data: choose the number of experts, look at the
# chosen fit, predict with intervals, draw pictures.
#
#   Rscript tools/demo.R [directory for the pictures]      (`make demo` runs it)

library(gatemix)
out <- c(commandArgs(TRUE), "demo-output")[1]
dir.create(out, showWarnings = FALSE, recursive = TRUE)
options(width = 80)

heading <- function(...) cat("\n== ", ..., "\n\n", sep = "")

# Evaluates a call of moe() with a seed; the kinds of warnings that it raised
# become the attribute `notes`.
noting <- function(call) {
  set.seed(1)
  notes <- character()
  fit <- withCallingHandlers(call, gatemix_warning = function(w) {
    notes <<- c(notes, sub("gatemix_warning_", "", class(w)[1]))
    invokeRestart("muffleWarning")
  })
  structure(fit, notes = toString(notes))
}

# Draws into a PNG file and says what it shows.
picture <- function(name, what, draw, width = 1000) {
  png(file.path(out, name), width = width, height = 680, res = 130)
  on.exit(dev.off())
  draw
  cat(sprintf("  %-33s %s\n", file.path(out, name), what))
}

# --- How many experts? --------------------------------------------------------

data("ethanol", package = "lattice")
heading("How many experts? Nitrogen oxides in the exhaust of an engine against\n",
        "   the richness of its mixture: lattice::ethanol, NOx ~ E")

sizes <- 1:5
seconds <- system.time(
  fits <- lapply(sizes, function(K) {
    noting(eval(bquote(moe(NOx ~ E, data = ethanol, K = .(K)))))
  })
)[["elapsed"]]
bic <- sapply(fits, BIC)
print(data.frame(
  experts = sizes,
  parameters = sapply(fits, function(fit) attr(logLik(fit), "df")),
  logLik = sprintf("%.2f", sapply(fits, logLik)),
  AIC = sprintf("%.1f", sapply(fits, AIC)),
  BIC = sprintf("%.1f", bic),
  converged = ifelse(sapply(fits, `[[`, "converged"), "yes", "no"),
  noted = sapply(fits, attr, "notes"),
  ` ` = ifelse(bic == min(bic), "<- smallest BIC", ""),
  check.names = FALSE
), row.names = FALSE)
cat(sprintf("\n%d fits, each the best of several starts, in %.2f seconds.\n",
            length(fits), seconds))
if (any(sapply(fits, `[[`, "separated"))) {
  cat("separation: experts meet without overlap, so that the best gate switches\n",
      "abruptly; the fit is at that limit.\n", sep = "")
}

# --- The chosen fit -----------------------------------------------------------

fit <- fits[[which.min(bic)]]
heading("The fit with the smallest BIC")
print(summary(fit))

# --- Predictions with intervals -----------------------------------------------

heading("Predictions for five new rows, with 90 % prediction intervals")
new <- data.frame(E = c(0.6, 0.75, 0.9, 1.05, 1.2))
print(round(cbind(
  new,
  NOx = predict(fit, new),
  predict(fit, new, type = "interval", level = 0.9),
  expert = predict(fit, new, type = "cluster")
), 3), row.names = FALSE)

# --- Pictures -----------------------------------------------------------------

heading("Pictures")
picture("ethanol-fit.png", "the data, the experts, mean and 90 % band", plot(fit))
picture("ethanol-gate.png", "how the gate divides the range of E", plot(fit, type = "gate"))
picture("ethanol-density.png", "density of NOx given E", plot(fit, type = "density"))
picture("ethanol-residuals.png", "residuals, and whether they are normal",
        plot(fit, type = "residuals"), width = 1400)
picture("ethanol-trace.png", "convergence, and what each start reached",
        plot(fit, type = "trace"), width = 1400)

crash <- noting(moe(accel ~ times, data = MASS::mcycle, K = 4))
picture("mcycle-fit.png", "MASS::mcycle: a crash in four phases", plot(crash))

geyser <- noting(moe(eruptions ~ waiting, data = faithful, K = 2, gate = gate_gaussian()))
picture("faithful-fit.png", "faithful: two kinds of eruptions, Gaussian gate", plot(geyser))

octave <- noting(moe(tuned ~ stretch_ratio, data = tone, K = 2, gate = gate_constant()))
picture("tone-fit.png", "tone: two habits of one musician, constant gate", plot(octave))

houses <- noting(moe(medv ~ lstat + rm, data = MASS::Boston, K = 2))
picture("boston-gate.png", "MASS::Boston: two experts over two predictors",
        plot(houses, type = "gate"))

if (requireNamespace("ggplot2", quietly = TRUE)) {
  picture("boston-mean.png", "the mean over both predictors, by ggplot2",
          print(ggplot2::autoplot(houses, term = c("lstat", "rm"))))
  picture("boston-calibration.png", "are its quantiles right? by ggplot2",
          print(ggplot2::autoplot(houses, type = "calibration")))
}
