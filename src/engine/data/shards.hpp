#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/data/batch.hpp"

namespace gatemix {

/// Rows [first, last).
struct RowRange {
  std::size_t first;
  std::size_t last;
};

/// Largest number of shards that rows are divided into.
constexpr std::size_t kShards = 64;

/// Returns the boundaries of the shards of some rows: whole blocks of `block`
/// rows, as even as they can be. They depend on the rows and on the number of
/// statistics that each shard holds, never on threads.
inline std::vector<std::size_t> shard_starts(RowRange rows, arma::uword block,
                                             std::size_t statistics) {
  const std::size_t n = rows.last - rows.first;
  const std::size_t blocks = (n + block - 1) / block;
  // many large statistics: fewer shards, so that they fit in memory
  const std::size_t room =
      std::max<std::size_t>(1, (std::size_t{1} << 25) / statistics);
  const std::size_t shards =
      std::max<std::size_t>(1, std::min({kShards, blocks, room}));
  std::vector<std::size_t> starts(shards + 1);
  for (std::size_t s = 0; s <= shards; ++s)
    starts[s] = std::min<std::size_t>(
        rows.last, rows.first + blocks * s / shards * block);
  return starts;
}

/// Calls use(batch) for consecutive blocks of the rows [first, last).
template <class Use>
void for_each_batch(const Data& data, RowRange rows, arma::uword block,
                    Use use) {
  Batch batch;
  for (std::size_t at = rows.first; at < rows.last; at += block) {
    batch.read(data, at,
               static_cast<arma::uword>(
                   std::min<std::size_t>(block, rows.last - at)));
    use(batch);
  }
}

}  // namespace gatemix
