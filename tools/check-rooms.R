# Checks that every file in R/ lies in a room: that its first word is in the
# table of rooms at the top of DESIGN.md, and that every room has a file.
# Started by `make check`.
#
#   Rscript tools/check-rooms.R

most <- 24L
outside <- c("RcppExports.R", "gatemix-package.R")

design <- readLines("DESIGN.md")
rows <- grep("^\\| `[a-z]+-` \\|", design, value = TRUE)
rooms <- sub("^\\| `([a-z]+)-`.*", "\\1", rows)

files <- setdiff(list.files("R"), outside)
words <- sub("[-.].*", "", files)

problems <- c(
  sprintf("R/%s lies in no room: '%s-' is not in DESIGN.md", files, words)[
    !words %in% rooms],
  sprintf("DESIGN.md has the room '%s-', R/ has no file in it",
          setdiff(rooms, words)),
  if (length(rooms) > most) {
    sprintf("DESIGN.md has %d rooms; %d are the most", length(rooms), most)
  },
  sprintf("DESIGN.md has the room '%s-' twice", rooms[duplicated(rooms)]))

if (length(problems)) {
  cat(paste0("gatemix: ", problems, "\n"), sep = "", file = stderr())
  quit(status = 1L)
}
