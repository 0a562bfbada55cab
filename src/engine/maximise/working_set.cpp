#include "engine/maximise/working_set.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace gatemix {

namespace {

/// Violation at which a run on a working set is good enough to look at the
/// other columns, before the last runs.
constexpr double kLoose = 1e-3;
/// Columns this share of lambda below the bound come in together with those
/// above it: they would violate soon.
constexpr double kNear = 0.1;
/// Columns that come in at once, at least.
constexpr arma::uword kAtOnce = 50;
/// M-steps from given responsibilities, with more columns each time.
constexpr int kStartRounds = 3;

/// Returns which of the columns outside `use` come in: those above `bound`, the
/// worst first, at most as many as are in use.
arma::uvec coming(arma::vec excess, const arma::uvec& use, double bound) {
  if (excess.is_empty()) return {};
  excess.elem(use).fill(-arma::datum::inf);
  const arma::uvec above = arma::find(excess > bound);
  const arma::uword most = std::max(kAtOnce, use.n_elem);
  if (above.n_elem <= most) return above;
  const arma::vec values = excess.elem(above);
  // equal values are columns of one group: all or none of them
  const double least = arma::sort(values, "descend").eval()[most - 1];
  return arma::find(excess >= least);
}

/// Returns the number of rows with a positive weight.
double positive_rows(const Data& data) {
  const std::size_t n = data.n_rows();
  return static_cast<double>(
      data.weight ? std::count_if(data.weight, data.weight + n,
                                  [](double w) { return w > 0.0; })
                  : n);
}

double total_weight(const Data& data) {
  const std::size_t n = data.n_rows();
  return data.weight
             ? std::accumulate(data.weight, data.weight + n, 0.0)
             : static_cast<double>(n);
}

double worst_outside(arma::vec excess, const arma::uvec& use) {
  if (excess.is_empty()) return 0.0;
  excess.elem(use).fill(0.0);
  return std::max(0.0, excess.max());
}

/// The unrestricted model. Never fitted; checks the optimality conditions on
/// all columns.
class Whole {
 public:
  Whole(const ModelSpec& spec, const Data& data)
      : spec_(spec),
        data_(data),
        model_(spec.catalogue(spec)),
        weight_(total_weight(data)) {}

  Excess excess(const Restricted& part, const arma::vec& theta,
                const Responsibilities& given, const Runtime& runtime) const {
    Excess out;
    const PredictorScores scores =
        predictor_scores(part.model(theta), part.data(), given, runtime);
    if (restricts(model_.expert()))
      out.x = model_.expert().excess(data_.x->cross_product(scores.expert),
                                     weight_);
    if (restricts(model_.gate()))
      out.z = model_.gate().excess(data_.z->cross_product(scores.gate),
                                   weight_);
    return out;
  }

  bool gate_follows() const { return gatemix::gate_follows(model_, data_); }

  bool has_all(const Columns& use) const {
    return use.x.n_elem == data_.x->n_cols() &&
           use.z.n_elem == data_.z->n_cols();
  }

  /// Returns the columns that come in: near the bound or, for near = 0, above
  /// it by `tol`.
  Columns coming_in(const Excess& excess, const Columns& use, double near,
                    double tol) const {
    const auto bound = [&](const PenaltySpec& penalty) {
      return near > 0.0 ? -near * penalty.lambda : tol;
    };
    return {coming(excess.x, use.x, bound(spec_.expert.penalty)),
            coming(excess.z, use.z, bound(spec_.gate.penalty))};
  }

 private:
  const ModelSpec& spec_;
  const Data& data_;
  Mixture model_;
  double weight_;
};

class WorkingSet {
 public:
  WorkingSet(const ModelSpec& spec, const Data& data, arma::vec& theta,
             const EmControl& control, const Runtime& runtime)
      : spec_(spec),
        data_(data),
        theta_(theta),
        control_(control),
        runtime_(runtime),
        whole_(spec, data),
        use_(used_columns(spec, data, theta)),
        rows_(positive_rows(data)) {}

  void start(const Responsibilities& given) {
    for (int round = 0; round < kStartRounds; ++round) {
      const Restricted part(spec_, data_, use_);
      Mixture model = part.model(theta_);
      start_from(model, part.data(), given, runtime_);
      theta_ = part.expand(model.coordinates());
      if (whole_.has_all(use_)) return;
      grow(whole_.coming_in(whole_.excess(part, theta_, given, runtime_),
                            use_, kNear, 0.0));
    }
  }

  EmResult run() {
    EmResult total;
    total.trace.clear();
    bool last = false;
    if (!whole_.has_all(use_) && control_.max_iter > 0) look(kNear);
    for (;;) {
      last = last || whole_.has_all(use_);
      const EmResult result = run_part(last ? control_.tol : loose());
      add(total, result);
      if (whole_.has_all(use_)) return total;
      const Columns before = use_;
      const double outside = look(last ? 0.0 : kNear);
      total.gradient = std::max(result.gradient, outside);
      const bool complete = before.x.n_elem == use_.x.n_elem &&
                            before.z.n_elem == use_.z.n_elem;
      const bool stopped = result.status == "max_iter" ||
                           result.status == "stopped" ||
                           result.status == "saturated";
      if (stopped || (complete && last)) return total;
      if (complete) last = true;
    }
  }

 private:
  double loose() const { return std::max(control_.tol, kLoose); }

  /// Whether more columns are not worth the work. A ridge's coefficients are
  /// never 0: their number says nothing.
  bool saturated(const Mixture& model) const {
    if (model.expert().penalised() && !model.expert().selects()) return false;
    const arma::vec theta = model.expert().coordinates();
    const arma::uvec columns = model.expert().coordinate_columns();
    return 2.0 * arma::accu((theta != 0.0) % (columns != kNoColumn)) > rows_;
  }

  void grow(const Columns& more) {
    use_.x = arma::unique(arma::join_cols(use_.x, more.x));
    use_.z = whole_.gate_follows()
                 ? use_.x
                 : arma::unique(arma::join_cols(use_.z, more.z));
  }

  /// Looks at the columns that are not in use; returns their worst violation.
  double look(double near) {
    const Restricted part(spec_, data_, use_);
    const Excess excess = whole_.excess(part, theta_, {}, runtime_);
    const double worst = std::max(worst_outside(excess.x, use_.x),
                                  worst_outside(excess.z, use_.z));
    // once only violations count, columns no longer leave: no cycles
    if (near > 0.0) use_ = used_columns(spec_, data_, theta_);
    grow(whole_.coming_in(excess, use_, near, control_.tol));
    return worst;
  }

  EmResult run_part(double tol) {
    const Restricted part(spec_, data_, use_);
    Mixture model = part.model(theta_);
    EmControl control = control_;
    control.tol = tol;
    control.max_iter = control_.max_iter - iterations_;
    const int before = iterations_;
    bool full = false;
    control.callback = [&](const Progress& p) {
      Progress shifted = p;
      shifted.iteration += before;
      full = control_.stop_saturated && saturated(model);
      return full || control_.callback(shifted);
    };
    EmResult result = run_em(model, part.data(), control, runtime_);
    if (full) result.status = "saturated";
    theta_ = part.expand(model.coordinates());
    iterations_ += result.iterations;
    return result;
  }

  void add(EmResult& total, const EmResult& part) {
    const int passes = total.passes + part.passes + 1;
    std::vector<double> trace = std::move(total.trace);
    trace.insert(trace.end(), part.trace.begin() + (trace.empty() ? 0 : 1),
                 part.trace.end());
    total = part;
    total.trace = std::move(trace);
    total.passes = passes;
    total.iterations = iterations_;
  }

  const ModelSpec& spec_;
  const Data& data_;
  arma::vec& theta_;
  const EmControl& control_;
  const Runtime& runtime_;
  Whole whole_;
  Columns use_;
  double rows_;
  int iterations_ = 0;
};

}  // namespace

Excess column_excess(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta, const Runtime& runtime) {
  const Restricted part(spec, data, used_columns(spec, data, theta));
  return Whole(spec, data).excess(part, theta, {}, runtime);
}

EmResult run_working_set(const ModelSpec& spec, const Data& data,
                         arma::vec& theta, const Responsibilities& given,
                         const EmControl& control, const Runtime& runtime) {
  WorkingSet set(spec, data, theta, control, runtime);
  if (given) set.start(given);
  return set.run();
}

}  // namespace gatemix
