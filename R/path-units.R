# Coefficients of a path in the unit of the penalty.

# Returns the rows of coefficients that can be penalised: no intercepts, and of
# a Gaussian gate the means alone.
path_slopes <- function(path, table) {
  gate <- table$component == "gate" &
    path$problem$spec$gate$key == "gaussian"
  mean <- gate & startsWith(table$term, "mean(")
  table$term[mean] <- sub("^mean\\((.*)\\)$", "\\1", table$term[mean])
  table[table$term != "(Intercept)" & (mean | !gate), ]
}

# Returns the coefficients in the unit of the penalty: as if predictors and
# response had been divided by their standard deviations, unless the penalty
# takes them as they are.
in_penalty_units <- function(path, table) {
  units <- path$problem$units
  table <- path_slopes(path, table)
  gaussian <- path$problem$spec$gate$key == "gaussian"
  for (block in c("gate", "expert")) {
    own <- table$component == block
    penalty <- path$settings[[block]]$penalty
    if (!any(own) || isFALSE(penalty$standardize)) next
    at <- match(table$term[own], units[[block]]$terms)
    scale <- units[[block]]$scale[at]
    value <- table$estimate[own]
    table$estimate[own] <- if (block == "expert") {
      value * scale / response_spread(path, table$response[own])
    } else if (gaussian) {
      zero_below((value - units$gate$center[at]) / scale)
    } else value * scale
  }
  table
}

# Returns the values with rounding errors of the conversion of units set to 0.
zero_below <- function(v) ifelse(abs(v) < 1e-12, 0, v)

# Returns the standard deviation of the response of each coefficient.
response_spread <- function(path, response) {
  problem <- path$problem
  spread <- if (!is.null(problem$spec$expert$penalty)) problem$y_scale
    else engine_summarise_columns(problem$y, problem$weights)$sd
  names <- problem$units$response$names
  if (length(names) == 1L) spread else spread[match(response, names)]
}
