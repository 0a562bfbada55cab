# From a formula and data to matrices, and again for new data: the only place
# that knows model frames.

# The model frame, the terms of both parts, and what prediction needs.
moe_frame <- function(formula, mf_call, data, contrasts) {
  formula <- check_formula(formula)
  mf_call$formula <- formula
  frame <- eval(mf_call, data)
  if (nrow(frame) == 0L) {
    abort_input("`data`: no complete row is left (0 rows after `subset` and ",
                "`na.action`).")
  }
  full <- attr(frame, "terms")
  parts <- part_terms(formula, frame, full, data_of(mf_call, data))
  blueprint <- list(
    formula = formula, terms = full, expert_terms = parts$expert,
    gate_terms = parts$gate, same_design = parts$same,
    xlevels = stats::.getXlevels(full, frame), contrasts = contrasts)
  blueprint <- fix_contrasts(blueprint, frame)
  list(frame = frame, blueprint = blueprint)
}

data_of <- function(mf_call, env) {
  if (is.null(mf_call$data)) NULL else eval(mf_call$data, env)
}

check_formula <- function(formula) {
  formula <- Formula::as.Formula(formula)
  size <- length(formula)
  if (size[1L] != 1L || !size[2L] %in% 1:2) {
    abort_input("`formula` must have the form y ~ experts | gate, with one ",
                "response and one or two parts on the right; found ",
                size[1L], " part(s) on the left and ", size[2L],
                " on the right.")
  }
  formula
}

# Terms of the experts' part and of the gate's part. With one part the gate
# uses the experts' predictors, with an intercept.
part_terms <- function(formula, frame, full, data) {
  part <- function(i) {
    stats::delete.response(terms(formula, lhs = 1L, rhs = i, data = data))
  }
  expert <- part(1L)
  if (length(formula)[2L] == 2L) {
    gate <- part(2L)
    if (!is.null(attr(gate, "offset"))) {
      abort_input("`formula`: offset() in the gate's part adds the same to ",
                  "every expert's score and changes nothing; remove it.")
    }
  } else {
    gate <- expert
    attr(gate, "intercept") <- 1L
  }
  same <- identical(attr(expert, "term.labels"), attr(gate, "term.labels")) &&
    attr(expert, "intercept") == 1L && attr(gate, "intercept") == 1L
  list(expert = expert, gate = gate, same = same)
}

# The contrasts that the first design used, for all later ones.
fix_contrasts <- function(blueprint, frame) {
  used <- lapply(blueprint[c("expert_terms", "gate_terms")], function(tt) {
    attr(part_matrix(tt, frame, blueprint$contrasts), "contrasts")
  })
  used <- c(used[[1L]], used[[2L]])
  blueprint$contrasts <- used[!duplicated(names(used))]
  blueprint
}

# Design matrix of one part; contrasts of variables of the other are not its.
part_matrix <- function(part, frame, contrasts) {
  variables <- all_variables(part)
  contrasts <- contrasts[names(contrasts) %in% variables]
  design <- model.matrix(part, frame,
                         contrasts.arg = if (length(contrasts)) contrasts)
  used <- attr(design, "contrasts")
  attr(design, "assign") <- NULL
  attr(design, "contrasts") <- NULL
  if (length(used)) attr(design, "contrasts") <- used
  design
}

all_variables <- function(part) {
  vapply(as.list(attr(part, "variables"))[-1L], deparse_one, "")
}

deparse_one <- function(x) paste(deparse(x, width.cutoff = 500L), collapse = "")

# The matrices of a frame: x, z (NULL: the same as x), offset.
frame_matrices <- function(blueprint, frame) {
  plain <- function(part) {
    design <- part_matrix(part, frame, blueprint$contrasts)
    attr(design, "contrasts") <- NULL
    design
  }
  list(
    x = plain(blueprint$expert_terms),
    z = if (!blueprint$same_design) plain(blueprint$gate_terms),
    offset = part_offset(blueprint$expert_terms, frame)
  )
}

part_offset <- function(part, frame) {
  at <- attr(part, "offset")
  if (is.null(at)) return(NULL)
  names <- all_variables(part)[at]
  Reduce(`+`, lapply(names, function(v) frame[[v]]))
}

# The frame of new data: rows with NA are kept, new levels are an error.
new_frame <- function(blueprint, newdata, response = FALSE) {
  if (!is.data.frame(newdata)) {
    abort_input("`newdata` must be a data frame; found ", describe(newdata),
                ".")
  }
  tt <- blueprint$terms
  if (!response) tt <- stats::delete.response(tt)
  missing <- setdiff(all.vars(tt), c(names(newdata), "pi"))
  missing <- missing[!vapply(missing, exists, TRUE,
                             envir = environment(blueprint$formula))]
  if (length(missing)) {
    abort_input("`newdata` lacks the variable(s) ", quote_all(missing), ".")
  }
  check_levels(blueprint$xlevels, newdata)
  frame <- model.frame(tt, newdata, na.action = stats::na.pass,
                       xlev = blueprint$xlevels)
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
  numeric_like <- c("numeric", "logical", "other")
  for (name in intersect(names(classes), names(frame))) {
    found <- stats::.MFclass(frame[[name]])
    if (found != classes[[name]] &&
        !(found %in% numeric_like && classes[[name]] %in% numeric_like)) {
      abort_input("`newdata`: `", name, "` was ", classes[[name]],
                  " in the fit and is ", found, " here.")
    }
  }
}

# The response as a numeric matrix with column names.
response_matrix <- function(y, name = "the response") {
  if (is.null(y)) {
    abort_input("`formula` has no response; write y ~ ...")
  }
  if (is.factor(y) || !(is.numeric(y) || is.logical(y))) {
    abort_input("The response must be numeric for Gaussian experts; found ",
                describe(y), ".")
  }
  out <- y
  storage.mode(out) <- "double"
  if (is.null(dim(out))) {
    names(out) <- NULL
    dim(out) <- c(length(out), 1L)
    dimnames(out) <- list(NULL, name)
  } else if (is.null(colnames(out))) {
    colnames(out) <- paste0("y", seq_len(ncol(out)))
  }
  out
}

case_weights <- function(w, n) {
  if (is.null(w)) return(NULL)
  if (!is.numeric(w) || length(w) != n) {
    abort_input("`weights` must be ", n, " numbers, one per row; found ",
                describe(w), ".")
  }
  if (anyNA(w) || any(!is.finite(w)) || any(w < 0)) {
    abort_input("`weights` must be finite and not negative; found ",
                sum(is.na(w) | !is.finite(w) | w < 0), " that are not.")
  }
  if (!any(w > 0)) abort_input("`weights`: all are zero.")
  as.double(w)
}
