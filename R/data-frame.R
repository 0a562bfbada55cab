# From a formula and data to matrices, and the same for new data.

# Returns the call of model.frame() with those arguments of a call of moe() (or
# a similar function) that are about data, and with additional columns.
frame_call <- function(call, more = list()) {
  keep <- c("formula", "data", "weights", "subset", "na.action")
  call <- call[c(1L, match(keep, names(call), 0L))]
  call[[1L]] <- quote(stats::model.frame)
  for (name in names(more)) call[[name]] <- more[[name]]
  call
}

# Reads the data of `call`, a call of moe() or a similar function made in `env`.
# Returns the model frame, the rows left out, the matrices of both parts, and
# the blueprint by which new data are read in the same way.
moe_frame <- function(formula, call, env, contrasts, more = list()) {
  formula <- check_formula(formula)
  mf_call <- frame_call(call, more)
  mf_call$formula <- formula
  # evaluated only once: it may draw random numbers, or take its time
  data <- if (!is.null(mf_call$data)) eval(mf_call$data, env)
  mf_call$data <- data
  mf_call$drop.unused.levels <- TRUE
  # model.frame() complains of unknown variables, wrong lengths, NA under
  # na.fail
  frame <- input_error(complete_frame(mf_call, env), "`formula` and `data`")
  if (nrow(frame) == 0L) {
    abort_input("`data`: no complete row is left (0 rows after `subset` and ",
                "`na.action`).")
  }
  full <- attr(frame, "terms")
  parts <- part_terms(formula, data)
  check_factors(frame)
  check_contrasts(contrasts, frame)
  blueprint <- list(
    formula = formula, terms = full, expert_terms = parts$expert,
    gate_terms = parts$gate, same_design = parts$same,
    xlevels = stats::.getXlevels(full, frame), contrasts = contrasts,
    variables = data_variables(full, data))
  check_rowwise(blueprint, frame, data)
  matrices <- frame_matrices(blueprint, frame)
  # all later designs use the contrasts of this one
  blueprint$contrasts <- matrices$contrasts
  list(frame = frame, na_action = attr(frame, "na.action"),
       blueprint = blueprint, matrices = matrices)
}

# Returns a fit (or a list that will become one) with those parts of moe_frame()
# that its methods need.
with_frame <- function(fit, built, model = TRUE) {
  fit$blueprint <- built$blueprint
  fit$na.action <- built$na_action
  if (model) fit$model <- built$frame
  fit
}

# Evaluates the call of model.frame(). Where nothing is missing, the frame keeps
# the user's columns themselves, which na.omit() would copy.
complete_frame <- function(mf_call, data) {
  chosen <- if (is.null(mf_call$na.action)) getOption("na.action")
    else deparse_one(mf_call$na.action)
  usual <- paste0("na.", c("omit", "exclude", "fail", "pass"))
  if (!is.character(chosen) || !sub("^stats::", "", chosen) %in% usual) {
    return(eval(mf_call, data))
  }
  whole <- mf_call
  whole$na.action <- quote(stats::na.pass)
  frame <- eval(whole, data)
  if (any(vapply(frame, anyNA, TRUE))) eval(mf_call, data) else frame
}

# Evaluates an expression and turns errors of R's model functions into errors
# about the input.
input_error <- function(expr, what) {
  tryCatch(expr, error = function(e) {
    if (inherits(e, "gatemix_error")) stop(e)
    abort_input(what, ": ", sub("[.]$", "", conditionMessage(e)), ".")
  })
}

check_formula <- function(formula) {
  formula <- input_error(Formula::as.Formula(formula), "`formula`")
  size <- length(formula)
  if (size[1L] != 1L || !size[2L] %in% 1:2) {
    abort_input("`formula` must have the form y ~ experts | gate, with one ",
                "response and one or two parts on the right; found ",
                size[1L], " part(s) on the left and ", size[2L],
                " on the right.")
  }
  formula
}

# Returns the terms of the experts' part and of the gate's part. If the formula
# has one part only, the gate uses the experts' predictors, with an intercept.
part_terms <- function(formula, data) {
  part <- function(i) {
    stats::delete.response(terms(formula, lhs = 1L, rhs = i, data = data))
  }
  expert <- part(1L)
  if (length(formula)[2L] == 2L) {
    gate <- part(2L)
    if (!is.null(attr(gate, "offset"))) {
      abort_input("`formula`: offset() in the gate's part adds the same to ",
                  "every expert's linear predictor and changes nothing; ",
                  "remove it.")
    }
  } else {
    gate <- expert
    attr(gate, "intercept") <- 1L
  }
  same <- identical(attr(expert, "term.labels"), attr(gate, "term.labels")) &&
    attr(expert, "intercept") == 1L && attr(gate, "intercept") == 1L
  list(expert = expert, gate = gate, same = same)
}

# Returns the design matrix of one part without attributes, with the term that
# each column belongs to. Contrasts for variables of the other part are ignored.
part_matrix <- function(part, frame, contrasts) {
  contrasts <- contrasts[names(contrasts) %in% all_variables(part)]
  design <- input_error(
    model.matrix(part, frame,
                 contrasts.arg = if (length(contrasts)) contrasts),
    "`formula` and `contrasts`")
  used <- attr(design, "contrasts")
  labels <- c("(Intercept)", attr(part, "term.labels"))
  groups <- labels[attr(design, "assign") + 1L]
  attr(design, "assign") <- NULL
  attr(design, "contrasts") <- NULL
  list(design = design, contrasts = used, groups = groups)
}

all_variables <- function(part) {
  vapply(as.list(attr(part, "variables"))[-1L], deparse_one, "")
}

# Returns the names of the variables that new data must have: all columns of
# `data`, and whatever is as long as the response. Others, such as the knots in
# ns(x, knots = k), can be found in the formula's environment again.
data_variables <- function(terms, data) {
  names <- all.vars(terms)
  inside <- names %in% names(data)
  if (all(inside)) return(names)
  env <- environment(terms)
  n <- NROW(eval(attr(terms, "variables")[[2L]], data, env))
  as_long <- function(name) {
    any(vapply(c("numeric", "character", "logical"), function(mode) {
      NROW(get0(name, env, mode = mode)) == n
    }, TRUE))
  }
  c(names[inside], Filter(as_long, names[!inside]))
}

# Warns of terms whose values depend on which rows are in the data, such as I(x
# - mean(x)): they would differ in new data. (R remembers what scale(), poly()
# and the splines did.) Two rows on their own must give the same values as among
# all rows.
check_rowwise <- function(blueprint, frame, data) {
  tt <- stats::delete.response(blueprint$terms)
  calls <- !vapply(as.list(attr(tt, "variables"))[-1L], is.name, TRUE)
  computed <- intersect(all_variables(tt)[calls], names(frame))
  if (!length(computed) || !is.data.frame(data)) return(invisible())
  rows <- seq_len(min(2L, nrow(frame)))
  from <- if (nrow(data) == nrow(frame)) rows
    else match(attr(frame, "row.names")[rows], attr(data, "row.names"))
  alone <- tryCatch(suppressWarnings(
    model.frame(tt, data[from, , drop = FALSE], na.action = stats::na.pass,
                xlev = blueprint$xlevels)), error = function(e) NULL)
  if (is.null(alone) || nrow(alone) != length(rows)) return(invisible())
  value <- function(v) {
    v <- if (length(dim(v)) == 2L) v[rows, ] else v[rows]
    if (is.factor(v)) as.character(v) else as.vector(unclass(v))
  }
  same <- vapply(computed, function(name) {
    isTRUE(all.equal(value(frame[[name]]), value(alone[[name]])))
  }, TRUE)
  if (!all(same)) {
    warn("prediction", quote_all(computed[!same]), " depends on which rows ",
         "are in the data: predictions for new rows will be wrong. Use ",
         "scale(), poly() or a spline, or compute a column of `data`.")
  }
}

check_factors <- function(frame) {
  for (name in names(frame)[-1L]) {
    v <- frame[[name]]
    found <- if (is.factor(v)) levels(v) else if (is.character(v)) unique(v)
    if (length(found) == 1L) {
      abort_input("`", name, "` has the same level \"", found, "\" in all ",
                  "rows that are used; remove it from the formula.")
    }
  }
}

check_contrasts <- function(contrasts, frame) {
  if (is.null(contrasts)) return(invisible())
  if (!is.list(contrasts) || is.null(names(contrasts))) {
    abort_input("`contrasts` must be a named list, as in list(f = ",
                "\"contr.sum\"); found ", describe(contrasts), ".")
  }
  unknown <- setdiff(names(contrasts), names(frame))
  if (length(unknown)) {
    abort_input("`contrasts`: the formula has no variable ",
                quote_all(unknown), ".")
  }
}

# Returns the matrices of a frame, x, z (NULL: the same as x) and offset, with
# the contrasts that they used.
frame_matrices <- function(blueprint, frame) {
  x <- part_matrix(blueprint$expert_terms, frame, blueprint$contrasts)
  z <- if (!blueprint$same_design) {
    part_matrix(blueprint$gate_terms, frame, blueprint$contrasts)
  }
  contrasts <- c(x$contrasts, z$contrasts)
  list(x = x$design, z = z$design,
       groups = list(expert = x$groups, gate = z$groups),
       offset = part_offset(blueprint$expert_terms, frame),
       contrasts = contrasts[!duplicated(names(contrasts))])
}

# Returns the matrices of moe_frame() with the frame's response and weights.
frame_data <- function(built) {
  frame <- built$frame
  c(built$matrices, list(
    y = response_matrix(stats::model.response(frame),
                        deparse_one(built$blueprint$formula[[2L]])),
    weights = case_weights(stats::model.weights(frame), nrow(frame))))
}

part_offset <- function(part, frame) {
  at <- attr(part, "offset")
  if (is.null(at)) return(NULL)
  names <- all_variables(part)[at]
  Reduce(`+`, lapply(names, function(v) frame[[v]]))
}

# Returns the model frame of new data. Rows with NA are kept; new factor levels
# are an error.
new_frame <- function(blueprint, newdata, response = FALSE) {
  if (!is.data.frame(newdata)) {
    abort_input("`newdata` must be a data frame; found ", describe(newdata),
                ".")
  }
  tt <- blueprint$terms
  if (!response) tt <- stats::delete.response(tt)
  missing <- setdiff(intersect(all.vars(tt), blueprint$variables),
                     names(newdata))
  if (length(missing)) {
    abort_input("`newdata` lacks the variable(s) ", quote_all(missing), ".")
  }
  check_levels(blueprint$xlevels, newdata)
  frame <- input_error(
    model.frame(tt, newdata, na.action = stats::na.pass,
                xlev = blueprint$xlevels), "`newdata`")
  if (nrow(frame) != nrow(newdata)) {
    abort_input("`newdata` has ", nrow(newdata), " rows, but its variables ",
                "give ", nrow(frame), ".")
  }
  classes <- attr(blueprint$terms, "dataClasses")
  check_classes(classes, frame)
  frame
}

check_levels <- function(xlevels, newdata) {
  for (name in intersect(names(xlevels), names(newdata))) {
    found <- unique(as.character(newdata[[name]]))
    new <- setdiff(found[!is.na(found)], xlevels[[name]])
    if (length(new)) {
      abort_input("`newdata`: the factor `", name, "` has the new level(s) ",
                  paste0('"', new, '"', collapse = ", "), "; the fit knows ",
                  paste0('"', xlevels[[name]], '"', collapse = ", "), ".")
    }
  }
}

check_classes <- function(classes, frame) {
  alike <- function(class) {
    # model.frame() gave characters and factors the levels of the fit
    if (class %in% c("factor", "ordered", "character")) "factor" else class
  }
  for (name in intersect(names(classes), names(frame))) {
    found <- stats::.MFclass(frame[[name]])
    all_missing <- is.logical(frame[[name]]) && all(is.na(frame[[name]]))
    if (!all_missing && alike(found) != alike(classes[[name]])) {
      abort_input("`newdata`: `", name, "` was ", classes[[name]],
                  " in the fit and is ", found, " here.")
    }
  }
}

# Returns the response as a numeric matrix with column names.
response_matrix <- function(y, name = "the response") {
  if (is.null(y)) {
    abort_input("`formula` has no response; write y ~ ...")
  }
  if (is.factor(y) || !(is.numeric(y) || is.logical(y))) {
    abort_input("The response must be numeric for Gaussian experts; found ",
                describe(y), ".")
  }
  out <- unclass(y)
  attr(out, "tsp") <- NULL
  storage.mode(out) <- "double"
  if (is.null(dim(out))) {
    names(out) <- NULL
    dim(out) <- c(length(out), 1L)
    dimnames(out) <- list(NULL, name)
  } else if (is.null(colnames(out))) {
    colnames(out) <- paste0("y", seq_len(ncol(out)))
  } else {
    # the first column of cbind(log(a), b) is named ""
    unnamed <- which(colnames(out) == "")
    colnames(out)[unnamed] <- paste0("y", unnamed)
    colnames(out) <- make.unique(colnames(out))
  }
  out
}

case_weights <- function(w, n) {
  if (is.null(w)) return(NULL)
  if (!is.numeric(w) || length(w) != n) {
    abort_input("`weights` must be ", n, " numbers, one per row; found ",
                describe(w), if (length(w) == 1L) " (one value)", ".")
  }
  if (anyNA(w) || any(!is.finite(w)) || any(w < 0)) {
    abort_input("`weights` must be finite and not negative; found ",
                sum(is.na(w) | !is.finite(w) | w < 0), " that are not.")
  }
  if (!any(w > 0)) abort_input("`weights`: all are zero.")
  as.double(w)
}
