# Residuals at given rows.

#' @rdname residuals.moe
#' @export
residuals.moe_model <- function(object, newdata = NULL,
                                type = c("response", "pearson", "quantile",
                                         "pit"), ...) {
  if (...length()) check_dots(..., help = "?residuals.moe_model")
  model_residuals(object, newdata, type)
}

# Returns the residuals of each response at the rows of `newdata` or, without
# it, at those that the fit holds.
model_residuals <- function(object, newdata, type) {
  type <- check_choice(type, "type",
                       c("response", "pearson", "quantile", "pit"))
  require_response(object, newdata, "residuals()")
  values <- evaluate_fit(object, newdata, response = TRUE)
  drop_response(residual_matrix(object, values, type))
}

# Returns the same as a matrix n x q, from values that hold the response.
residual_matrix <- function(object, values, type) {
  switch(type,
    response = values$y - mixture_mean(values),
    pearson = (values$y - mixture_mean(values)) /
      sqrt(mixture_variance(object, values)),
    quantile = each_response(object, values, normal_score),
    pit = each_response(object, values, function(y, gate, mean, law) {
      exp(log_pit(y, gate, mean, law)$below)
    }))
}
