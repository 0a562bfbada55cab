#include "engine/model/spec.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"

namespace gatemix {

void Options::set(const std::string& name, Value value) {
  values_[name] = std::move(value);
}

template <class Type>
const Type& Options::get(const std::string& name, const char* type) const {
  const auto found = values_.find(name);
  if (found == values_.end())
    throw InputError("the option '" + name + "' is missing");
  const Type* value = std::get_if<Type>(&found->second);
  if (!value) throw InputError("the option '" + name + "' must be " + type);
  return *value;
}

bool Options::flag(const std::string& name) const {
  return get<bool>(name, "true or false");
}

double Options::number(const std::string& name) const {
  return get<double>(name, "a number");
}

const std::string& Options::text(const std::string& name) const {
  return get<std::string>(name, "a text");
}

std::vector<std::string> Options::texts(const std::string& name) const {
  const auto found = values_.find(name);
  if (found != values_.end() &&
      std::holds_alternative<std::vector<std::string>>(found->second))
    return std::get<std::vector<std::string>>(found->second);
  return {text(name)};
}

PenaltySpec PenaltySpec::select(const arma::uvec& terms) const {
  PenaltySpec out = *this;
  if (!given()) return out;
  out.factor = factor.elem(terms);
  out.unit = unit.elem(terms);
  out.group = group.elem(terms);
  return out;
}

}  // namespace gatemix
