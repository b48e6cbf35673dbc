#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "learner/commands.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view readme = R"(# {0}

The server of stage {1} of serverlings, as a project of its own.

    meson setup build
    meson compile -C build
    cd {2}site && {3}../build/server 8080

Then open http://127.0.0.1:8080/ in a browser.
)";

constexpr std::string_view readme_of_tests = R"(
Its tests, under AddressSanitizer and UBSan, and under ThreadSanitizer (they need doctest):

    meson test -C build
)";

constexpr std::string_view build = R"(project('server', 'cpp', default_options: ['cpp_std=c++20', 'warning_level=3'])

threads = dependency('threads')
server_sources = files({})
executable('server', server_sources, dependencies: threads)
)";

// As in the course's own build, of which tests/support and tests/shared are a part.
constexpr std::string_view build_of_tests = R"(
fs = import('fs')
doctest_found = meson.get_compiler('cpp').has_header('doctest/doctest.h')
doctest = doctest_found ? declare_dependency() : dependency('doctest')
sanitizer_args = {{
  'address': [
    '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer', '-fsized-deallocation',
  ],
  'thread': ['-fsanitize=thread', '-fno-omit-frame-pointer'],
}}
strict = []
precompiled = {{}}
stages = {{'{0}': {{'tests': [{1}], 'server_tests': [{4}]}}}}
subdir('tests/support')
shared_test_sources = {{}}
{3}

tested_sources = files({2})
foreach sanitizer, args : sanitizer_args
  options = {{
    'build_by_default': false,
    'cpp_args': args,
    'implicit_include_directories': false,
    'include_directories': include_directories('.'),
    'link_args': args,
  }}
  server = executable('{0}.' + sanitizer + '.server', server_sources, dependencies: threads, kwargs: options)
  has_cases = stages['{0}']['tests'] != []
  shared = has_cases ? [interposed_source] : []
  foreach _, source : shared_test_sources
    shared += source
  endforeach
  program = executable('{0}.' + sanitizer + '.test', tested_sources, files('tests/{0}.cpp'),
    dependencies: support_deps[sanitizer],
    link_with: has_cases ? tested_pools[sanitizer] : [],
    objects: shared == [] ? [] : shared_tests[sanitizer].extract_objects(shared),
    kwargs: options,
  )
  test(sanitizer, program, depends: server, protocol: 'tap', timeout: 120, workdir: meson.project_source_root())
endforeach
)";

void copy_folder(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::copy(from, to, fs::copy_options::recursive);
}

std::string quoted(const std::vector<std::string>& names) {
  return names.empty() ? "" : "'" + join(names, "', '") + "'";
}

bool has_shared_tests(const Stage& stage) {
  return !stage.tests.empty() || !stage.server_tests.empty();
}

// Its test cases, and what they need to run.
void copy_tests(const Course& course, const Stage& stage, const fs::path& target) {
  const auto tests = course.root() / "tests";
  fs::create_directories(target / "tests");
  fs::copy_file(tests / (stage.name + ".cpp"), target / "tests" / (stage.name + ".cpp"));
  copy_folder(tests / "support", target / "tests" / "support");
  fs::remove_all(target / "tests" / "support" / "own");
  if (has_shared_tests(stage)) copy_folder(tests / "shared", target / "tests" / "shared");
  copy_folder(tests / "site", target / "tests" / "site");
}

}  // namespace

int export_stage(Context& context, const Stage& stage, const std::string& folder, ExportOptions options) {
  const fs::path target(folder);
  if (fs::exists(target) && !fs::is_empty(target)) {
    throw UsageError(fmt::format("{} is not empty: name a folder that does not exist yet", folder));
  }
  fs::create_directories(target);
  const auto& course = context.course;
  std::vector<std::string> sources;
  std::vector<std::string> tested;  // all but main.cpp, which has a main as the tests have
  for (const auto& [file, origin] : course.origins(stage)) {
    const bool mine = !options.solution && (origin == stage.name || context.base_mine());
    const auto from = course.root() / (mine ? "steps" : "solutions") / origin / file;
    if (mine && !is_file(from)) {
      fmt::print("Left out, since it is yours to make: {}\n", from.lexically_relative(course.root()).string());
      continue;
    }
    write_file(target / file, without_lesson_line(read_file(from)));  // a lesson that the new project does not have
    if (!file.ends_with(".cpp")) continue;
    sources.push_back(file);
    if (file != "main.cpp") tested.push_back(file);
  }
  const auto title = stage.title;
  auto words = fmt::format(readme, title, stage.number(), options.tests ? "tests/" : "", options.tests ? "../" : "");
  auto meson = fmt::format(build, quoted(sources));
  if (options.tests) {
    copy_tests(course, stage, target);
    words += readme_of_tests;
    meson += fmt::format(build_of_tests, stage.name, quoted(stage.tests), quoted(tested),
                         has_shared_tests(stage) ? "subdir('tests/shared')" : "", quoted(stage.server_tests));
  } else {
    copy_folder(course.root() / "tests" / "site", target / "site");
  }
  write_file(target / "meson.build", meson);
  write_file(target / "README.md", words);
  fmt::print("Stage {} is in {}: its README.md says how to build and start it.\n", stage.name, folder);
  return 0;
}

int own_server(Context& context, const std::string& folder) {
  context.base = "mine";
  show_list(context, true);
  const auto marks = context.progress.read();
  const auto& stages = context.course.stages();
  const auto is_done = [&](const Stage& stage) { return marks.is_done(stage.name); };
  const auto done = std::ranges::count_if(stages, is_done);
  fmt::print("\n{} of {} stages pass, and each of them stands on your own files.\n", done, stages.size());
  const auto last = std::find_if(stages.rbegin(), stages.rend(), is_done);
  if (!folder.empty() && last == stages.rend()) throw UsageError("no stage passes yet: there is nothing to export");
  if (!folder.empty()) export_stage(context, *last, folder, {.solution = false, .tests = true});
  return done == std::ssize(stages) ? 0 : 1;
}

}  // namespace runner
