# Makes data/tone.rda from the copy of Cohen's data in the package mixtools
# (GPL (>= 2)), renaming one column. Run in the package's directory.

copies <- new.env()
data("tonedata", package = "mixtools", envir = copies)

tone <- data.frame(stretch_ratio = copies$tonedata$stretchratio,
                   tuned = copies$tonedata$tuned)
stopifnot(nrow(tone) == 150, !anyNA(tone), all(table(tone$stretch_ratio) %in% 4:6))

save(tone, file = "data/tone.rda", version = 2, compress = "xz")
