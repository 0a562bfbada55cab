# The blueprint of a model without data: that of a fit to rows that stand for
# any data.

model_blueprint <- function(formula, levels) {
  formula <- check_formula(formula)
  variables <- all.vars(formula)
  if ("." %in% variables) {
    abort_input("`formula`: `.` stands for the columns of data, and a model ",
                "has none; name the variables.")
  }
  levels <- check_levels_argument(levels, all.vars(formula[-2L]))
  even <- stand_in_frame(formula, variables, levels, 1)
  uneven <- stand_in_frame(formula, variables, levels, 1.5)
  check_fixed_terms(even$blueprint, uneven$blueprint)
  even
}

check_levels_argument <- function(levels, variables) {
  if (is.null(levels)) return(list())
  ok <- is.list(levels) && !is.null(names(levels)) &&
    all(vapply(levels, is.character, TRUE))
  if (!ok) {
    abort_input("`levels` must be a named list of the factors' levels, as in ",
                "list(site = c(\"a\", \"b\")); found ", describe(levels), ".")
  }
  unknown <- setdiff(names(levels), variables)
  if (length(unknown)) {
    abort_input("`levels`: the formula has no predictor ", quote_all(unknown),
                ".")
  }
  few <- vapply(levels, function(v) length(unique(v)) < 2L || anyNA(v) ||
                  anyDuplicated(v) > 0L, TRUE)
  if (any(few)) {
    abort_input("`levels`: ", quote_all(names(levels)[few]), " must have two ",
                "different levels at least, each once.")
  }
  levels
}

# Returns moe_frame() for variables that take values between 0 and 1 (factors:
# all levels).
stand_in_frame <- function(formula, variables, levels, power) {
  n <- max(60L, lengths(levels))
  data <- lapply(variables, function(name) {
    if (is.null(levels[[name]])) return((seq_len(n) / (n + 1))^power)
    factor(rep_len(levels[[name]], n), levels[[name]])
  })
  data <- variables_frame(data, variables, n)
  refuse_computed_factors(formula, data)
  call <- as.call(list(quote(stats::model.frame), data = data,
                       na.action = quote(stats::na.pass)))
  suppressWarnings(tryCatch(
    moe_frame(formula, call, environment(formula), NULL),
    gatemix_warning_prediction = function(w) {
      abort_input("`formula`: ", sub(":.*", "", conditionMessage(w)), ". ",
                  no_data_advice)
    }))
}

# Refuses terms such as cut() and factor(), which take levels from the data.
refuse_computed_factors <- function(formula, data) {
  terms <- input_error(stats::delete.response(terms(formula)), "`formula`")
  calls <- Filter(is.call, as.list(attr(terms, "variables"))[-1L])
  for (call in calls) {
    value <- input_error(eval(call, data, environment(formula)), "`formula`")
    if (is.factor(value) || is.character(value)) {
      abort_input("`formula`: `", deparse_one(call), "` makes a factor, whose ",
                  "levels depend on the data; make it a variable and give ",
                  "its `levels`.")
    }
  }
}

no_data_advice <- paste(
  "A model given by its parameters has no data to take a basis or a scale",
  "from; write the numbers out, as in I((x - 2) / 3), or use",
  "poly(x, 2, raw = TRUE).")

# Refuses terms whose basis differs between two data sets. poly(), scale() and
# the splines take it from the data, and R remembers it for new data.
check_fixed_terms <- function(a, b) {
  calls <- as.list(attr(a$terms, "variables"))[-1L]
  kept <- as.list(attr(a$terms, "predvars"))[-1L]
  other <- as.list(attr(b$terms, "predvars"))[-1L]
  names <- vapply(calls, deparse_one, "")
  same <- mapply(identical, kept, other)
  if (!all(same)) {
    abort_input("`formula`: ", quote_all(names[!same]), " depends on which ",
                "rows are in the data. ", no_data_advice)
  }
}

# Returns the units of a design that is not standardised, see column_units();
# without `groups`, which only penalties need.
plain_units <- function(terms) {
  p <- length(terms)
  if (p == 0L) {
    abort_input("`formula` has no terms, not even an intercept.")
  }
  list(columns = seq_len(p), terms = terms, center = numeric(p),
       scale = rep(1, p), dropped = character(), all_terms = terms,
       mean = numeric(p),
       intercept = match("(Intercept)", terms, nomatch = 0L))
}
