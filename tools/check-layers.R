# Checks that no file of the C++ code includes a room above its own: the rooms
# and their order are the table of layers at the top of DESIGN.md. A room may
# include itself and the rooms of earlier rows. Started by `make check`.
#
#   Rscript tools/check-layers.R

design <- readLines("DESIGN.md")
rows <- grep("^\\| `(base|linalg|engine|bind|neural)[a-z/_]*`", design,
             value = TRUE)
cells <- sub("^\\| ([^|]*) \\|.*", "\\1", rows)
rooms <- strsplit(gsub("`", "", cells), ", ")
level <- stats::setNames(rep(seq_along(rooms), lengths(rooms)), unlist(rooms))

# The room of a file, from its path below src/.
room_of <- function(path) {
  if (startsWith(path, "bind_")) return("bind")
  if (grepl("^engine/[a-z_]+\\.[hc]pp$", path)) return(sub("\\..*", "", path))
  dirname(path)
}

files <- list.files("src", "\\.(cpp|hpp|h)$", recursive = TRUE)
files <- setdiff(files, "RcppExports.cpp")

check_file <- function(file) {
  lines <- readLines(file.path("src", file))
  at <- grep('^ *#include "', lines)
  included <- sub('^ *#include "([^"]*)".*', "\\1", lines[at])
  from <- room_of(file)
  where <- sprintf("src/%s:%d: ", file, at)
  to <- vapply(included, room_of, "", USE.NAMES = FALSE)
  if (is.na(level[from])) {
    return(sprintf("src/%s lies in no room of DESIGN.md", file))
  }
  c(sprintf("%sincludes %s, which does not exist", where, included)[
      !file.exists(file.path("src", included))],
    sprintf("%s%s includes %s, which is not below it", where, from, to)[
      to != from & !is.na(level[to]) & level[to] >= level[from]])
}

problems <- unlist(lapply(files, check_file))
if (length(problems)) {
  cat(paste0("gatemix: ", problems, "\n"), sep = "", file = stderr())
  quit(status = 1L)
}
