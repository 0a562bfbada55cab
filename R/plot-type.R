# Types of plot() and autoplot() for fits and models. A type is declared by its
# method of picture_data(), which stands in plot-*-data.R; there is no list of
# types besides these methods and the usage of plot.moe().

# Returns the picture of a type, made from a fit or a model. The arguments of
# plot() that a method has among `term`, `at`, `level` and `newdata` are those
# that its type takes; the default of `level` is that of the type.
picture_data <- function(type, object, ...) UseMethod("picture_data")

# Returns the types that have a method, in the order of the usage of plot();
# with `argument`, only those that take it.
plot_types <- function(argument = NULL) {
  methods <- utils::.S3methods("picture_data", envir = topenv())
  types <- sub("^picture_data[.]type_", "", methods)
  shown <- eval(formals(plot.moe)$type)
  types <- union(intersect(shown, types), types)
  if (is.null(argument)) return(types)
  types[vapply(types, takes_argument, TRUE, argument = argument)]
}

takes_argument <- function(type, argument) {
  argument %in% names(type_arguments(type))
}

# Returns the arguments of a type with their defaults.
type_arguments <- function(type) {
  formals(utils::getS3method("picture_data", paste0("type_", type),
                             envir = topenv()))
}

# Returns the picture that plot() and autoplot() show. An argument that is NULL
# has not been given.
picture_of <- function(object, type, term = NULL, at = NULL, level = NULL,
                       newdata = NULL) {
  level <- if (is.null(level)) type_arguments(type)$level
    else check_number(level, "level", 0, 1, open = TRUE)
  refuse_unused(type, list(term = term, at = at, newdata = newdata))
  picture_data(structure(list(), class = paste0("type_", type)), object,
               term = term, at = at, level = level, newdata = newdata)
}

# Refuses arguments that mean nothing for a type. A `level` may always be given,
# so that one call can draw several types.
refuse_unused <- function(type, arguments) {
  for (name in names(Filter(Negate(is.null), arguments))) {
    if (!takes_argument(type, name)) {
      abort_input("`", name, "` means nothing for type \"", type,
                  "\"; leave it out. It is for the types ",
                  paste0('"', plot_types(name), '"', collapse = ", "), ".")
    }
  }
}
