.onLoad <- function(libname, pkgname) {
  # marginaleffects takes models of unknown classes from this option
  name <- "marginaleffects_model_classes"
  classes <- getOption(name)
  if (!"moe" %in% classes) {
    options(structure(list(c(classes, "moe")), names = name))
  }
  on_load_of("parsnip", register_parsnip)
}

# Calls `action` when the package is loaded: now or later.
on_load_of <- function(package, action) {
  if (isNamespaceLoaded(package)) return(action())
  setHook(packageEvent(package, "onLoad"), function(...) action())
}
