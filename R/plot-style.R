# How pictures look, in both systems: colours, markers, the rows that are drawn,
# and words. Colours are those of Okabe and Ito without yellow and black, in an
# order in which neighbours differ in lightness too; markers differ as well, so
# that grey prints work.

expert_palette <- c("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00",
                    "#56B4E9")
expert_markers <- c(21L, 24L, 22L, 23L, 25L)
mean_colour <- "grey15"
band_colour <- "grey90"

# Returns how a picture is to look: the number of its groups, a colour and a
# marker for each, whether there is a legend, and the user's graphical
# parameters (`dots`). Refuses parameters that are unknown; `help` is the page
# to see.
plot_style <- function(picture, col, legend, dots = list(), help = NULL) {
  K <- picture$groups
  known <- c("main", "sub", "xlab", "ylab", "xlim", "ylim", "cex", "las",
             "bty")
  names <- names(dots)
  if (length(dots) && is.null(names)) names <- rep("", length(dots))
  bad <- !names %in% known & !grepl("^(cex|col|font)[.]", names)
  if (any(bad)) {
    abort_input("plot() does not know the argument(s) ",
                quote_all(ifelse(names[bad] == "", "(unnamed)", names[bad])),
                "; see ", help, ".")
  }
  if (is.null(col)) col <- rep_len(expert_palette, K)
  if (length(col) != K) {
    abort_input("`col` must have one colour per ", picture$group_name,
                " (", K, "); found ", length(col), ".")
  }
  list(K = K, col = col, pch = rep_len(expert_markers, K), legend = legend,
       cex = if (is.null(dots$cex)) 1 else dots$cex,
       dots = dots[names(dots) != "cex"])
}

# Returns the colours with this opacity.
faded <- function(col, alpha) grDevices::adjustcolor(col, alpha)

# Returns the types of lines that tell K groups apart.
k_lines <- function(K) rep_len(c("solid", "42", "22", "6222", "1131"), K)

# Returns the opacity of an expert's line: stronger where the gate favours it.
expert_alpha <- function(probability) 0.15 + 0.8 * probability

# Returns the numbers of the rows to draw, those that are `held` and the
# `others`. Of very many an even selection is drawn.
shown_rows <- function(x, y, expert, held = TRUE) {
  complete <- !is.na(x) & !is.na(y) & !is.na(expert)
  list(held = thinned(which(complete & held), 10000L),
       others = thinned(which(complete & !held), 10000L))
}

# Returns the opacity and the size of n points.
point_look <- function(n) {
  list(alpha = if (n > 2000L) 0.25 else 0.5,
       size = if (n > 2000L) 0.5 else if (n > 300L) 0.75 else 0.95)
}

# Returns where the data of a level stand, side by side.
level_positions <- function(x, levels, width = 0.5) {
  match(as.character(x), as.character(levels)) +
    width * spread_evenly(length(x))
}

# Returns the numbers of rows to draw: an even selection where there are more
# than `most`.
thinned <- function(rows, most) {
  if (length(rows) <= most) return(rows)
  rows[unique(round(seq(1, length(rows), length.out = most)))]
}

# Returns n numbers between -0.5 and 0.5 that spread evenly, without the random
# number generator: a picture is the same each time.
spread_evenly <- function(n) (seq_len(n) * 0.6180339887) %% 1 - 0.5

# Returns the range of v, widened at both ends by a share of its length.
padded_range <- function(v, share) {
  range <- range(v, na.rm = TRUE)
  range + c(-share, share) * diff(range)
}

# Says whether an axis has dates, which are written along it.
is_date <- function(v) inherits(v, c("Date", "POSIXct"))

# Says whether the steps of an axis are equal enough for a raster. Those of
# times, which are seconds since 1970, are rounded too much.
has_even_steps <- function(v) {
  steps <- diff(as.numeric(v))
  !length(steps) ||
    max(abs(steps - steps[1L])) < 1e-8 * min(1, abs(steps[1L]))
}

# Returns names with dots in the middle of the long ones, so that they still
# differ.
short_names <- function(names, most = 24L) {
  n <- nchar(names)
  end <- (most - 3L) %/% 2L
  cut <- paste0(substr(names, 1L, most - 3L - end), "...",
                substring(names, n - end + 1L))
  out <- ifelse(n > most, cut, names)
  if (anyDuplicated(out)) short_names(names, most + 8L) else out
}

# Returns a probability as a percentage, such as "90 %".
band_percent <- function(level) paste(format(100 * level), "%")

band_label <- function(level) paste(band_percent(level), "band")

# Returns the sentences of a remark in lines of this width.
remark_lines <- function(remark, width = 95L) {
  strwrap(paste(remark, collapse = " "), width)
}
