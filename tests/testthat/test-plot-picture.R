# How pictures and types are found: by their methods, so that a new one touches
# no list.

# Registers S3 methods, given by their names, until the test ends.
local_methods <- function(..., env = parent.frame()) {
  namespace <- asNamespace("gatemix")
  methods <- list(...)
  for (name in names(methods)) {
    part <- regmatches(name, regexpr("[.]", name), invert = TRUE)[[1L]]
    registerS3method(part[1L], part[2L], methods[[name]], envir = namespace)
  }
  forget <- function() {
    rm(list = names(methods), envir = namespace[[".__S3MethodsTable__."]])
  }
  do.call(on.exit, list(as.call(list(forget)), add = TRUE), envir = env)
}

local_device <- function(env = parent.frame()) {
  grDevices::pdf(NULL)
  do.call(on.exit, list(quote(grDevices::dev.off()), add = TRUE), envir = env)
}

classes_with <- function(generic) {
  methods <- utils::.S3methods(generic, envir = asNamespace("gatemix"))
  sub("^[a-z_]+[.]", "", methods)
}

# The kinds that the calls of new_picture() in an expression name.
kinds_in <- function(expr) {
  if (!is.call(expr)) return(character())
  if (identical(expr[[1L]], quote(new_picture))) {
    return(Filter(is.character, as.list(expr[[2L]])))
  }
  unlist(lapply(as.list(expr), kinds_in))
}

test_that("the usage shows the types that have a picture", {
  shown <- function(method) eval(formals(method)$type)
  expect_identical(shown(plot.moe), plot_types())
  expect_identical(shown(autoplot.moe), plot_types())
  expect_identical(shown(plot.moe_model), plot_types("newdata"))
  expect_identical(shown(autoplot.moe_model), plot_types("newdata"))
})

test_that("each type says which arguments it takes, as the help page has it", {
  expect_identical(plot_types("term"),
                   c("fit", "gate", "density", "coefficients"))
  expect_identical(plot_types("at"), c("fit", "gate", "density"))
  expect_identical(plot_types("newdata"),
                   setdiff(plot_types(), c("trace", "coefficients")))
  expect_identical(plot_types("level"), setdiff(plot_types(),
                                                c("gate", "trace")))
  level <- vapply(plot_types("level"),
                  function(type) type_arguments(type)$level, 0)
  expect_identical(names(level)[level == 0.9], c("fit", "density"))
  expect_true(all(level %in% c(0.9, 0.95)))
})

test_that("no type takes an argument that plot() does not pass on", {
  passed <- c("type", "object", "term", "at", "level", "newdata", "...")
  for (type in plot_types()) {
    expect_true(all(names(type_arguments(type)) %in% passed), label = type)
  }
})

test_that("every kind of picture is drawn by both systems", {
  code <- Filter(is.function, as.list(asNamespace("gatemix"), all.names = TRUE))
  kinds <- unique(unlist(lapply(code, function(f) kinds_in(body(f)))))
  expect_gt(length(kinds), 20L)
  expect_setequal(classes_with("draw_base"), paste0("picture_", kinds))
  expect_setequal(classes_with("draw_ggplot"), paste0("picture_", kinds))
})

test_that("a type and a picture that nobody knows are drawn like all others", {
  local_device()
  fit <- faithful_fit()
  local_methods(
    picture_data.type_probe = function(type, object, term, level = 0.7, ...) {
      new_picture("probe", list(sizes = data.frame(level = level,
                                                   term = term)),
                  2L, remark = "A remark.", group_name = "side")
    },
    draw_base.picture_probe = function(picture, style) {
      open_panel(0:1, 0:1, "x", "y", style)
      close_panel(style, 0L, picture$remark)
    },
    draw_ggplot.picture_probe = function(picture, style) {
      gg_open(picture, style)
    })
  drawn <- plot(fit, type = "probe", term = "waiting", main = "Title")
  expect_identical(drawn, list(sizes = data.frame(level = 0.7,
                                                  term = "waiting")))
  expect_identical(plot(fit, "probe", "waiting", level = 0.6)$sizes$level, 0.6)
  # the default and the other types are as before
  expect_named(plot(fit), c("data", "mean", "experts"))

  expect_input_error(plot(fit, "probe", "waiting", at = list(waiting = 60)),
                     "`at` means nothing for type \"probe\"")
  expect_input_error(plot(fit, "pit", "waiting"), "\"coefficients\", \"probe\"")
  expect_input_error(plot(fit, "probe", "waiting", col = "red"),
                     "one colour per side \\(2\\)")
  expect_input_error(plot(fit, "probe", "waiting", lwd = 3), "see \\?plot.moe")
  # a model draws rows, and this type takes none
  expect_input_error(plot(as_moe_model(fit), "probe", newdata = faithful),
                     "`type` must be one of")

  skip_if_not_installed("ggplot2", "3.4.0")
  picture <- ggplot2::autoplot(fit, type = "probe", term = "waiting")
  expect_s3_class(picture, "ggplot")
  expect_identical(attr(picture, "plotted"), drawn)
})

test_that("methods that a test registers are forgotten after it", {
  expect_false("probe" %in% plot_types())
})
