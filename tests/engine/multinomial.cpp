// Multinomial regression by itself: observed classes, several copies, weights.
#include "engine/predictors/multinomial_regression.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using gatemix::MultinomialRegression;
using gatemix::MultinomialStep;

constexpr arma::uword kRows = 150, kTerms = 3, kClasses = 3, kCopies = 2;

// Classes of rows, each copy with its own weights.
struct Classes {
  fixtures::Problem problem{kRows, kTerms, 1, kClasses, 61};
  arma::mat weights = fixtures::uniforms(kRows, kCopies, 62);
  arma::mat targets{kRows, kClasses * kCopies, arma::fill::zeros};
  gatemix::DesignBlock z;

  Classes() {
    problem.x_design->read(0, kRows, z);
    const arma::vec noise = fixtures::normals(kRows, 1, 63);
    for (arma::uword i = 0; i < kRows; ++i) {
      const double at = problem.x(i, 1) + noise[i];
      const arma::uword own = at < -0.5 ? 0 : at < 0.7 ? 1 : 2;
      for (arma::uword m = 0; m < kCopies; ++m) targets(i, m * kClasses + own) = weights(i, m);
    }
  }
};

struct Model {
  MultinomialRegression regression;
  gatemix::Packing statistics, parameters;
  Model(arma::uword copies, MultinomialStep step, const std::string& penalty = "", bool wide = false)
      : regression({kTerms, kClasses, copies},
                   penalty.empty() ? nullptr : gatemix::make_penalty(fixtures::penalty(penalty, kTerms, 0.03)),
                   step, wide) {
    regression.add_statistics(statistics);
    regression.add_parameters(parameters);
  }
  arma::vec pass(const Classes& data, arma::uword first = 0) {
    gatemix::Batch::Scratch scratch;
    arma::vec stats(statistics.size(), arma::fill::zeros);
    regression.evaluate(data.z, scratch);
    const arma::uword copies = regression.coefficients().n_cols / (kClasses - 1);
    regression.accumulate(data.z, data.targets.cols(first * kClasses, (first + copies) * kClasses - 1),
                          data.weights.cols(first, first + copies - 1), scratch, stats.memptr());
    return stats;
  }
  double log_likelihood(const Classes& data) {
    gatemix::Batch::Scratch scratch;
    regression.evaluate(data.z, scratch);
    return arma::accu(data.targets % scratch.work);
  }
  arma::mat predictor_scores(const Classes& data) {
    gatemix::Batch::Scratch scratch;
    regression.evaluate(data.z, scratch);
    return regression.predictor_scores(data.targets, data.weights, scratch);
  }
};

arma::vec some_coefficients() { return 0.4 * fixtures::normals(kTerms * (kClasses - 1) * kCopies, 1, 64); }

const test::Case derivatives("multinomial: score and information of several copies", [] {
  const Classes data;
  Model model(kCopies, MultinomialStep::newton);
  const arma::vec at = some_coefficients();
  model.regression.set_coefficients(at);
  const arma::vec stats = model.pass(data);
  const arma::vec score = model.regression.score(stats.memptr());
  const arma::vec wanted = fixtures::numeric_gradient(
      [&](const arma::vec& b) {
        model.regression.set_coefficients(b);
        return model.log_likelihood(data);
      },
      at);
  test::check_close(largest(score - wanted), 0.0, 1e-8, "score");
  const arma::mat information = model.regression.information(stats.memptr());
  for (arma::uword j = 0; j < at.n_elem; ++j) {
    const auto there = [&](double step) {
      arma::vec b = at;
      b[j] += step;
      model.regression.set_coefficients(b);
      return model.regression.score(model.pass(data).memptr());
    };
    test::check_close(largest(information.col(j) - (there(-1e-5) - there(1e-5)) / 2e-5), 0.0, 1e-6,
                      "information");
  }
});

const test::Case rows("multinomial: scores of rows add up", [] {
  const Classes data;
  Model model(kCopies, MultinomialStep::newton);
  model.regression.set_coefficients(some_coefficients());
  const arma::vec score = model.regression.score(model.pass(data).memptr());
  gatemix::Batch::Scratch scratch;
  model.regression.evaluate(data.z, scratch);
  for (arma::uword m = 0; m < kCopies; ++m) {
    const arma::span own(m * kClasses, m * kClasses + kClasses - 2);
    arma::mat shares = data.targets.cols(own);
    shares.each_col() /= data.weights.col(m);
    arma::mat columns(kRows, kTerms * (kClasses - 1));
    model.regression.row_scores(data.z, shares - scratch.values.cols(own), columns.memptr());
    const arma::vec sums = columns.t() * data.weights.col(m);
    test::check_close(largest(sums - score.elem(model.regression.score_coordinates(m))), 0.0, 1e-10, "rows");
  }
});

const test::Case copies("multinomial: copies are regressions of their own", [] {
  const Classes data;
  for (const MultinomialStep step : {MultinomialStep::newton, MultinomialStep::bound})
    for (const std::string penalty : {"", "elastic_net", "scad"}) {
      Model both(kCopies, step, penalty);
      both.regression.set_coefficients(some_coefficients());
      for (int i = 0; i < 3; ++i) both.regression.solve(both.pass(data).memptr(), {});
      for (arma::uword m = 0; m < kCopies && penalty.empty(); ++m) {
        Model alone(1, step);
        alone.regression.set_coefficients(
            some_coefficients().elem(both.regression.score_coordinates(m)));
        for (int i = 0; i < 3; ++i) alone.regression.solve(alone.pass(data, m).memptr(), {});
        test::check_close(largest(alone.regression.coefficients() -
                                  both.regression.coefficients().cols(2 * m, 2 * m + 1)),
                          0.0, 1e-7, "as alone");
      }
      Model swapped(kCopies, step, penalty);
      swapped.regression.set_coefficients(arma::vectorise(both.regression.coefficients()));
      const double before = swapped.regression.penalty();
      swapped.regression.permute_copies(arma::uvec{1, 0});
      test::check_close(swapped.regression.penalty(), before, 1e-14, "copies swapped");
      swapped.regression.permute_copies(arma::uvec{1, 0});
      swapped.regression.permute_classes(arma::uvec{2, 0, 1});
      test::check_close(swapped.regression.penalty(), before, 1e-12, "classes permuted");
      swapped.regression.permute_classes(arma::uvec{1, 2, 0});
      test::check_close(largest(swapped.regression.coefficients() - both.regression.coefficients()), 0.0,
                        1e-14, "and back");
    }
});

const test::Case steps("multinomial: all steps, on statistics and on rows, reach one maximum", [] {
  const Classes data;
  const std::function<bool()> interrupted = [] { return false; };
  const double weight = arma::accu(data.weights);
  for (const std::string penalty : {"", "elastic_net", "group_lasso"}) {
    Model best(kCopies, MultinomialStep::newton, penalty);
    for (int i = 0; i < 60; ++i) best.regression.solve(best.pass(data).memptr(), {});
    test::check_close(best.regression.violation(best.pass(data).memptr(), weight), 0.0, 1e-9,
                      penalty + ": a maximum");
    test::check(!best.regression.separated(best.pass(data).memptr()), "not separated");
    const gatemix::Tangent t = best.regression.tangent(weight);
    const arma::vec along = t.basis.t() * best.regression.score(best.pass(data).memptr()) - t.slope;
    test::check_close(largest(along) / weight, 0.0, 1e-9, penalty + ": flat along the tangent");
    for (const MultinomialStep step :
         {MultinomialStep::bound, MultinomialStep::coordinate, MultinomialStep::newton}) {
      const bool on_rows = step != MultinomialStep::bound;
      if (penalty.empty() && step == MultinomialStep::newton) continue;
      Model model(kCopies, step, penalty, step == MultinomialStep::newton);
      test::check(model.regression.by_rows() == on_rows, "on rows");
      for (int i = 0; i < 300; ++i) {
        const arma::vec stats = model.pass(data);
        const arma::mat scores = model.predictor_scores(data);
        if (on_rows)
          model.regression.solve_rows({*data.problem.x_design, data.targets, scores, interrupted},
                                      stats.memptr(), {});
        else
          model.regression.solve(stats.memptr(), {});
      }
      test::check_close(largest(model.regression.coefficients() - best.regression.coefficients()), 0.0,
                        1e-6, penalty + ": the same maximum");
    }
  }
});

const test::Case separated("multinomial: separated classes of one copy are noticed", [] {
  Classes data;
  data.targets.cols(kClasses, 2 * kClasses - 1).zeros();
  for (arma::uword i = 0; i < kRows; ++i)
    data.targets(i, kClasses + (data.problem.x(i, 1) > 0.0 ? 0 : 2)) = data.weights(i, 1);
  Model model(kCopies, MultinomialStep::newton);
  for (int i = 0; i < 20; ++i) model.regression.solve(model.pass(data).memptr(), {});
  test::check(model.regression.separated(model.pass(data).memptr()), "separated");
});

}  // namespace
