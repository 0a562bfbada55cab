#' Tone perception
#'
#' How a trained musician tuned an octave above stretched overtones: the
#' standard example of a mixture of two regression lines. In each of 150 trials
#' the musician heard a fundamental tone with electronically added overtones
#' and adjusted a second tone until it seemed to lie an octave higher. Two
#' habits show: tuning to a true octave whatever the overtones are (a
#' horizontal line at 2), and following the overtones (the line
#' `tuned = stretch_ratio`).
#'
#' @format A data frame with 150 rows and 2 columns, both without a unit:
#' \describe{
#'   \item{stretch_ratio}{ratio by which the overtones were stretched; 2 is the
#'     harmonic series of ordinary instruments.}
#'   \item{tuned}{frequency of the adjusted tone divided by that of the
#'     fundamental; 2 is a true octave.}
#' }
#'
#' @details The trials are five runs through 30 stretch ratios. Row 15 has the
#'   ratio 2.03 a second time where every other run has 2.05, so it is probably
#'   a slip in the published copies. It is kept, since published analyses
#'   contain it.
#'
#' @source Experiment by E. A. Cohen (1980), one of five musicians. Taken from
#'   `tonedata` in the package mixtools, which has it from the package fpc; both
#'   are published under the GPL, version 2 or later (fpc: any version). The
#'   script is `data-raw/tone.R` in the source repository.
#'
#' @references
#' Cohen, E. A. (1980). *Inharmonic Tone Perception*. PhD thesis, Stanford
#' University.
#'
#' Cohen, E. A. (1984). Some effects of inharmonic partials on interval
#' perception. *Music Perception* 1, 323--349.
#'
#' De Veaux, R. D. (1989). Mixtures of linear regressions. *Computational
#' Statistics and Data Analysis* 8, 227--245.
#'
#' @examples
#' set.seed(1)
#' fit <- moe(tuned ~ stretch_ratio, data = tone, K = 2)
#' coef(fit)
#' plot(fit)
"tone"

#' Athletes of the Australian Institute of Sport
#'
#' Blood counts and body measures of 202 athletes in ten sports. Several columns
#' can serve as a joint response, and relations between them differ by sex, so
#' that the experts of a mixture that is not told the sex can be compared with
#' it.
#'
#' @format A data frame with 202 rows (one athlete each, 100 women and 102 men)
#' and 13 columns:
#' \describe{
#'   \item{sex}{factor: `female`, `male`.}
#'   \item{sport}{factor: `B_Ball` (basketball), `Field` (field events), `Gym`
#'     (gymnastics), `Netball`, `Row` (rowing), `Swim` (swimming), `T_400m`
#'     (track, 400 m and longer), `T_Sprnt` (sprint), `Tennis`,
#'     `W_Polo` (water polo).}
#'   \item{RCC}{red blood cells, \eqn{10^{12}} per litre.}
#'   \item{WCC}{white blood cells, \eqn{10^9} per litre.}
#'   \item{Hc}{haematocrit, per cent.}
#'   \item{Hg}{haemoglobin, grams per decilitre.}
#'   \item{Fe}{plasma ferritin, micrograms per litre.}
#'   \item{BMI}{body mass index, kilograms per square metre.}
#'   \item{SSF}{sum of skin folds, millimetres.}
#'   \item{Bfat}{body fat, per cent of the weight.}
#'   \item{LBM}{lean body mass, kilograms.}
#'   \item{Ht}{height, centimetres.}
#'   \item{Wt}{weight, kilograms.}
#' }
#'
#' @details Two columns are functions of others: `BMI` is weight by squared
#'   height in metres, and `LBM` is the weight less the fat (to within half a
#'   kilogram). They should not be on both sides of a formula with those
#'   others. Some copies of
#'   the data give ferritin in nanograms per decilitre, which is a slip of the
#'   unit: the values are ordinary ones in micrograms per litre.
#'
#' @source Collected by R. D. Telford and R. B. Cunningham, made public with
#'   Cook and Weisberg (1994). Taken unchanged from `ais` in the package sn
#'   (licence: GPL-2 | GPL-3); the copy in the package DAAG has the same values
#'   but for the last digit of four. The script is `data-raw/ais.R` in
#'   the source repository.
#'
#' @references
#' Telford, R. D. and Cunningham, R. B. (1991). Sex, sport, and body-size
#' dependency of hematology in highly trained athletes. *Medicine and Science in
#' Sports and Exercise* 23, 788--794.
#'
#' Cook, R. D. and Weisberg, S. (1994). *An Introduction to Regression
#' Graphics*. Wiley, New York.
#'
#' @examples
#' # Two responses; the model is not told the sex of the athletes
#' set.seed(1)
#' fit <- moe(cbind(Bfat, Hg) ~ BMI | Ht, data = ais, K = 2)
#' fit
#' table(expert = predict(fit, type = "cluster"), sex = ais$sex)
"ais"
