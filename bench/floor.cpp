// The floor of one EM pass of a softmax x Gaussian mixture of experts: only what a pass cannot avoid.
//   per row: 2K exponentials and 2 logarithms (posterior and gate, each with its log-sum-exp)
//   weighted symmetric rank-k updates, by blocks of 1,024 rows:
//     K of size p + 1 + q        (experts: cross-products of 1, x and y)
//     K (K - 1) / 2 of size p + 1  (the gate's information)
// Each update is done in several ways and the fastest counts. Scores, densities, gradients, the
// solve and the loop around them cost extra; a pass at twice the floor is a good pass.
//
//   floor n p K [q = 1] [seconds = 1]     ->  lines "name,ns_per_row"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <vector>

extern "C" {
void dsyrk_(const char*, const char*, const int*, const int*, const double*, const double*, const int*,
            const double*, double*, const int*);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*,
            const int*, const double*, const int*, const double*, double*, const int*);
}

namespace {

constexpr int kBlock = 1024;
volatile double sink = 0;

double cpu_seconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

// nanoseconds per row: median of five, each long enough to time
double time_per_row(long n, double seconds, const std::function<void()>& pass) {
  pass();
  double begin = cpu_seconds();
  pass();
  const double once = std::max(cpu_seconds() - begin, 1e-7);
  const long repeat = std::max(1L, long(seconds / 5 / once));
  std::vector<double> t;
  for (int i = 0; i < 5; ++i) {
    begin = cpu_seconds();
    for (long r = 0; r < repeat; ++r) pass();
    t.push_back((cpu_seconds() - begin) / repeat);
  }
  std::sort(t.begin(), t.end());
  return t[2] / n * 1e9;
}

struct Problem {
  long n;                    // a multiple of kBlock
  int m;                     // columns
  int updates;               // weighted cross-products wanted
  std::vector<double> z;     // n x m, column-major
  std::vector<double> w;     // kBlock x updates, positive; the same for every block (stays in cache, as tau does)
  std::vector<double> root;  // square roots of w
};

// one block of the design, scaled by a column of weights, into `to` (kBlock x m)
void scale(const Problem& a, long first, const double* w, double* to) {
  for (int j = 0; j < a.m; ++j) {
    const double* from = a.z.data() + j * a.n + first;
    double* out = to + long(j) * kBlock;
    for (int i = 0; i < kBlock; ++i) out[i] = w[i] * from[i];
  }
}

void by_dsyrk(const Problem& a) {
  std::vector<double> scaled(long(kBlock) * a.m), sum(long(a.m) * a.m * a.updates, 0.0);
  const double one = 1;
  for (long first = 0; first < a.n; first += kBlock)
    for (int u = 0; u < a.updates; ++u) {
      scale(a, first, a.root.data() + long(u) * kBlock, scaled.data());
      dsyrk_("U", "T", &a.m, &kBlock, &one, scaled.data(), &kBlock, &one, sum.data() + long(u) * a.m * a.m, &a.m);
    }
  sink = sink + sum[0];
}

void by_dgemm(const Problem& a) {
  std::vector<double> scaled(long(kBlock) * a.m), sum(long(a.m) * a.m * a.updates, 0.0);
  const double one = 1;
  const int ld = int(a.n);
  for (long first = 0; first < a.n; first += kBlock)
    for (int u = 0; u < a.updates; ++u) {
      scale(a, first, a.w.data() + long(u) * kBlock, scaled.data());
      dgemm_("T", "N", &a.m, &a.m, &kBlock, &one, a.z.data() + first, &ld, scaled.data(), &kBlock, &one,
             sum.data() + long(u) * a.m * a.m, &a.m);
    }
  sink = sink + sum[0];
}

// all updates of a block side by side: one product Z' [w1 Z, w2 Z, ...]
void by_wide_dgemm(const Problem& a) {
  const int wide = a.m * a.updates, ld = int(a.n);
  std::vector<double> scaled(long(kBlock) * wide), sum(long(a.m) * wide, 0.0);
  const double one = 1;
  for (long first = 0; first < a.n; first += kBlock) {
    for (int u = 0; u < a.updates; ++u)
      scale(a, first, a.w.data() + long(u) * kBlock, scaled.data() + long(u) * a.m * kBlock);
    dgemm_("T", "N", &a.m, &wide, &kBlock, &one, a.z.data() + first, &ld, scaled.data(), &kBlock, &one, sum.data(), &a.m);
  }
  sink = sink + sum[0];
}

// the m (m + 1) / 2 products of two columns once per block, then one product with all weights
void by_products(const Problem& a) {
  const int pairs = a.m * (a.m + 1) / 2;
  std::vector<double> product(long(kBlock) * pairs), sum(long(pairs) * a.updates, 0.0);
  const double one = 1;
  for (long first = 0; first < a.n; first += kBlock) {
    double* to = product.data();
    for (int j = 0; j < a.m; ++j)
      for (int i = 0; i <= j; ++i, to += kBlock) {
        const double* zi = a.z.data() + i * a.n + first;
        const double* zj = a.z.data() + j * a.n + first;
        for (int r = 0; r < kBlock; ++r) to[r] = zi[r] * zj[r];
      }
    dgemm_("T", "N", &pairs, &a.updates, &kBlock, &one, product.data(), &kBlock, a.w.data(), &kBlock, &one, sum.data(), &pairs);
  }
  sink = sink + sum[0];
}

Problem make_problem(long n, int m, int updates, std::mt19937_64& rng) {
  Problem a{n, m, updates, std::vector<double>(n * m), std::vector<double>(long(kBlock) * std::max(updates, 1)), {}};
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.01, 1);
  for (double& v : a.z) v = normal(rng);
  for (double& v : a.w) v = uniform(rng);
  for (double v : a.w) a.root.push_back(std::sqrt(v));
  return a;
}

struct Best { double simple, best; };

// simple: the better of dsyrk and dgemm per update; best: the best of all four ways
Best rank_k(const char* what, long n, int m, int updates, double seconds, std::mt19937_64& rng) {
  if (updates == 0) return {0, 0};
  const Problem a = make_problem(n, m, updates, rng);
  const double t[] = {time_per_row(n, seconds, [&] { by_dsyrk(a); }), time_per_row(n, seconds, [&] { by_dgemm(a); }),
                      time_per_row(n, seconds, [&] { by_wide_dgemm(a); }), time_per_row(n, seconds, [&] { by_products(a); })};
  const char* name[] = {"dsyrk", "dgemm", "dgemm_wide", "products"};
  for (int i = 0; i < 4; ++i) std::printf("%s_%s,%.4f\n", what, name[i], t[i]);
  return {std::min(t[0], t[1]), *std::min_element(t, t + 4)};
}

double exponentials(long n, int K, double seconds, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> uniform(-6, 0);
  std::vector<double> eta(long(kBlock) * 2 * K), out(eta.size());
  for (double& v : eta) v = uniform(rng);
  return time_per_row(n, seconds, [&] {
    double total = 0;
    for (long first = 0; first < n; first += kBlock) {
      for (std::size_t i = 0; i < eta.size(); ++i) out[i] = std::exp(eta[i]);
      total += out[first % long(eta.size())];
    }
    sink = sink + total;
  });
}

double logarithms(long n, double seconds, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> uniform(1, 5);
  std::vector<double> in(2 * kBlock), out(in.size());
  for (double& v : in) v = uniform(rng);
  return time_per_row(n, seconds, [&] {
    double total = 0;
    for (long first = 0; first < n; first += kBlock) {
      for (std::size_t i = 0; i < in.size(); ++i) out[i] = std::log(in[i]);
      total += out[first % long(in.size())];
    }
    sink = sink + total;
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: floor n p K [q] [seconds]\n");
    return 2;
  }
  const long n = std::max(1L, (std::atol(argv[1]) + kBlock - 1) / kBlock) * kBlock;
  const int p = std::atoi(argv[2]), K = std::atoi(argv[3]);
  const int q = argc > 4 ? std::atoi(argv[4]) : 1;
  const double seconds = argc > 5 ? std::atof(argv[5]) : 1;
  std::mt19937_64 rng(1);
  const double e = exponentials(n, K, seconds, rng);
  const double l = logarithms(n, seconds, rng);
  std::printf("exp,%.4f\nlog,%.4f\n", e, l);
  const Best expert = rank_k("expert", n, p + 1 + q, K, seconds, rng);
  const Best gate = rank_k("gate", n, p + 1, K * (K - 1) / 2, seconds, rng);
  std::printf("floor,%.4f\n", e + l + expert.simple + gate.simple);
  std::printf("floor_best,%.4f\n", e + l + expert.best + gate.best);
}
