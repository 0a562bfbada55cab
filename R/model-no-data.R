# Generics that need the data of a fit, called with a model that has none: they
# raise one error, which says what to do instead.

# Returns a method that refuses models, with the formals of its generic.
of_fits_only <- function(generic, instead) {
  force(instead)
  method <- function() {
    abort_input(generic, "() is about a fit to data; a model given by its ",
                "parameters has no data. ", instead)
  }
  formals(method) <- formals(get(generic, mode = "function"))
  method
}

in_a_fit <- "Fit it to data first: moe(..., start = model)."
from_rows <- "Use predict(model, newdata)."
of_rows <- "The data frame that goes to predict() as `newdata` has them."

#' @export
anova.moe_model <- of_fits_only("anova", paste(
  "To compare models on given data, use logLik(model, data)."))

#' @export
case.names.moe_model <- of_fits_only("case.names", of_rows)

#' @export
confint.moe_model <- of_fits_only("confint", in_a_fit)

#' @export
df.residual.moe_model <- of_fits_only("df.residual", in_a_fit)

#' @export
fitted.moe_model <- of_fits_only("fitted", from_rows)

#' @export
glance.moe_model <- of_fits_only("glance", in_a_fit)

#' @export
model.frame.moe_model <- of_fits_only("model.frame", of_rows)

#' @export
model.matrix.moe_model <- of_fits_only("model.matrix", of_rows)

#' @export
summary.moe_model <- of_fits_only("summary", paste(
  "print() and coef() show its parameters. For standard errors fit it to",
  "data: moe(..., start = model)."))

#' @export
update.moe_model <- of_fits_only("update", paste(
  "Make another model with moe_model(), or fit this one:",
  "moe(..., start = model)."))

#' @export
vcov.moe_model <- of_fits_only("vcov", in_a_fit)

#' @export
weights.moe_model <- of_fits_only("weights", paste(
  "To weigh the rows of given data, use logLik(model, data, weights = )."))

#' @export
nobs.moe_model <- function(object, ...) 0L
