.onLoad <- function(libname, pkgname) {
  allow_marginaleffects()
  on_load_of("parsnip", register_parsnip)
}

# Adds our class to the option in which marginaleffects looks up classes of
# models that it does not know.
allow_marginaleffects <- function() {
  name <- "marginaleffects_model_classes"
  classes <- getOption(name)
  if (!"moe" %in% classes) {
    options(structure(list(c(classes, "moe")), names = name))
  }
}

# Calls `action` when the package is loaded: now if it is, otherwise later.
on_load_of <- function(package, action) {
  if (isNamespaceLoaded(package)) return(action())
  setHook(packageEvent(package, "onLoad"), function(...) action())
}
