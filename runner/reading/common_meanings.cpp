#include "reading/common_meanings.hpp"

#include <array>

#include "text/text.hpp"

namespace runner {
namespace {

struct Common {
  std::string_view pattern;  // `…` stands for anything
  std::string_view meaning;
};

constexpr std::string_view missing_semicolon =
    "A statement ends with a semicolon: it is missing where the line before this place ends.";
constexpr std::string_view missing_brace =
    "A closing brace `}` is missing further up: for the compiler the function before has not ended yet.";
constexpr std::string_view missing_include =
    "The compiler knows no more of this than its name: the `#include` that brings the rest is missing.";
constexpr std::string_view arguments =
    "A function of this name is there, and it takes something else: compare what you give it with its parameters, "
    "their number, types and order.";

// In order: the first that fits decides.
constexpr std::array common{
    Common{"expected ';'", missing_semicolon},
    Common{"expected ',' or ';' before", missing_semicolon},
    Common{"a function-definition is not allowed here before '{'", missing_brace},
    Common{"function definition is not allowed here", missing_brace},
    Common{"expected '}' at end of input", missing_brace},
    Common{"expected '}'", missing_brace},
    Common{"expected ')'", "A bracket is opened in this line, or the one before, and not closed."},
    Common{"stray '\\342'",
           "This is a character that looks like one of C++ and is not: a quote or a dash out of a text."},
    Common{"unexpected character <U+",
           "This is a character that looks like one of C++ and is not: a quote or a dash out of a text."},
    Common{"missing terminating", "A quote is opened in this line and not closed."},
    Common{"did you forget to '#include", missing_include},
    Common{"incomplete type", missing_include},
    Common{"implicit instantiation of undefined template", missing_include},
    Common{"is not a member of 'std'", missing_include},
    Common{"in namespace 'std'", missing_include},
    Common{"No such file or directory",
           "There is no file of this name where the compiler looks: is it spelled as the file is?"},
    Common{"file not found", "There is no file of this name where the compiler looks: is it spelled as the file is?"},
    Common{"; did you mean", "The compiler does not know this name, and knows one like it: is it a slip of the pen?"},
    Common{"was not declared in this scope",
           "The compiler has not seen this name so far: a slip of the pen, a missing `#include`, or a declaration that "
           "comes further down."},
    Common{"use of undeclared identifier",
           "The compiler has not seen this name so far: a slip of the pen, a missing `#include`, or a declaration that "
           "comes further down."},
    Common{"does not name a type", "The compiler expects a type here, and has not seen a type of this name so far."},
    Common{"unknown type name", "The compiler expects a type here, and has not seen a type of this name so far."},
    Common{"has no member named",
           "This object has no such part: is it the object that you mean, and is the name right?"},
    Common{"no member named", "This object has no such part: is it the object that you mean, and is the name right?"},
    Common{"redefinition of", "The same thing is defined twice: one of the two has to go."},
    Common{"multiple definition of",
           "The same thing is defined in two files: one of the two has to go, or be `inline`."},
    Common{"no matching function for call", arguments},
    Common{"too few arguments", arguments},
    Common{"too many arguments", arguments},
    Common{"cannot convert",
           "A value of one type stands where another type is needed, and nothing turns one into the other."},
    Common{"no viable conversion",
           "A value of one type stands where another type is needed, and nothing turns one into the other."},
    Common{"could not convert",
           "A value of one type stands where another type is needed, and nothing turns one into the other."},
    Common{"passing 'const", "The object is const here, and this function may change it."},
    Common{"discards qualifiers", "The object is const here, and this function may change it."},
    Common{"not marked const", "The object is const here, and this function may change it."},
    Common{"assignment of read-only", "This is const: it keeps the value that it was made with."},
    Common{"with const-qualified type", "This is const: it keeps the value that it was made with."},
};

}  // namespace

std::string_view common_meaning(std::string_view error_text) {
  for (const auto& each : common) {
    if (occurs_in(each.pattern, error_text)) return each.meaning;
  }
  return {};
}

}  // namespace runner
