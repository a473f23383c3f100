//! The languages that are highlighted.

use super::language::{Form, Language, Quote};

/// A string that ends with the line.
const fn short(delimiter: &'static str) -> Quote {
    Quote { open: delimiter, close: delimiter, multiline: false, escapes: true }
}

/// A string that may have several lines.
const fn long(delimiter: &'static str) -> Quote {
    Quote { open: delimiter, close: delimiter, multiline: true, escapes: true }
}

/// A string in which a backslash has no meaning.
const fn raw(open: &'static str, close: &'static str) -> Quote {
    Quote { open, close, multiline: true, escapes: false }
}

const DOUBLE: Quote = short("\"");
const SINGLE: Quote = short("'");

/// The rules that most languages share.
const BASE: Language = Language {
    names: "",
    form: Form::Code,
    keywords: "",
    constants: "",
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    strings: &[DOUBLE],
    has_characters: false,
    ignores_case: false,
    key_separator: None,
};

/// The rules that scripting languages share.
const SCRIPT: Language = Language { line_comments: &["#"], block_comment: None, strings: &[DOUBLE, SINGLE], ..BASE };

/// All languages.
pub(super) const LANGUAGES: &[Language] = &[
    Language {
        names: "rust rs",
        keywords: "Self as async await box break const continue crate dyn else enum extern fn for if impl in let loop \
                   macro_rules match mod move mut pub ref return self static struct super trait type union unsafe use \
                   where while yield",
        constants: "true false None Some Ok Err",
        strings: &[raw("r##\"", "\"##"), raw("r#\"", "\"#"), raw("r\"", "\""), long("\"")],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "c h cpp c++ cc cxx hpp objc objective-c arduino",
        keywords: "alignas alignof asm auto bool break case catch char class co_await co_return co_yield concept \
                   const const_cast constexpr continue decltype default define delete do double dynamic_cast else \
                   endif enum explicit export extern float for friend goto if ifdef ifndef include inline int long \
                   mutable namespace new noexcept operator pragma private protected public register reinterpret_cast \
                   requires restrict return short signed sizeof static static_assert static_cast struct switch \
                   template this throw try typedef typename undef union unsigned using virtual void volatile wchar_t \
                   while",
        constants: "true false nullptr NULL",
        has_characters: true,
        ..BASE
    },
    Language {
        names: "csharp c# cs",
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default \
                   delegate do double else enum event explicit extern finally fixed float for foreach get goto if \
                   implicit in init int interface internal is lock long namespace new object operator out override \
                   params private protected public readonly record ref return sbyte sealed set short sizeof static \
                   string struct switch this throw try typeof uint ulong unsafe ushort using var virtual void \
                   volatile when where while yield",
        constants: "true false null",
        strings: &[raw("\"\"\"", "\"\"\""), raw("@\"", "\""), DOUBLE],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "java",
        keywords: "abstract assert boolean break byte case catch char class const continue default do double else \
                   enum extends final finally float for goto if implements import instanceof int interface long \
                   native new package permits private protected public record return sealed short static strictfp \
                   super switch synchronized this throw throws transient try var void volatile while yield",
        constants: "true false null",
        strings: &[long("\"\"\""), DOUBLE],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "kotlin kt kts",
        keywords: "abstract actual annotation as break by catch class companion const constructor continue \
                   crossinline data do else enum expect external final finally for fun get if import in infix init \
                   inline inner interface internal is lateinit noinline object open operator out override package \
                   private protected public reified return sealed set super suspend tailrec this throw try typealias \
                   val var vararg when where while",
        constants: "true false null",
        strings: &[long("\"\"\""), DOUBLE],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "scala",
        keywords: "abstract case catch class def do else enum export extends extension final finally for forSome \
                   given if implicit import lazy match new object override package private protected return sealed \
                   super then this throw trait try type using val var while with yield",
        constants: "true false null None Nil",
        strings: &[long("\"\"\""), DOUBLE],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "swift",
        keywords: "Self actor as associatedtype async await break case catch class continue default defer deinit do \
                   else enum extension fallthrough fileprivate for func guard if import in indirect init inout \
                   internal is lazy let mutating nonisolated open operator override private protocol public repeat \
                   rethrows return self static struct subscript super switch throw throws try typealias unowned var \
                   weak where while",
        constants: "true false nil",
        strings: &[long("\"\"\""), DOUBLE],
        ..BASE
    },
    Language {
        names: "go golang",
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface \
                   map package range return select struct switch type var",
        constants: "true false nil iota",
        strings: &[DOUBLE, raw("`", "`")],
        has_characters: true,
        ..BASE
    },
    Language {
        names: "javascript js jsx mjs cjs typescript ts tsx",
        keywords: "abstract any as async await boolean break case catch class const continue debugger declare default \
                   delete do else enum export extends finally for from function get if implements import in infer \
                   instanceof interface is keyof let namespace never new number object of private protected public \
                   readonly return satisfies set static string super switch symbol this throw try type typeof unknown \
                   var void while with yield",
        constants: "true false null undefined NaN Infinity",
        strings: &[DOUBLE, SINGLE, long("`")],
        ..BASE
    },
    Language {
        names: "php",
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo \
                   else elseif empty enum exit extends final finally fn for foreach function global goto if \
                   implements include include_once instanceof insteadof interface isset list match namespace new or \
                   print private protected public readonly require require_once return static switch throw trait try \
                   unset use var while xor yield",
        constants: "true false null TRUE FALSE NULL",
        line_comments: &["//", "#"],
        strings: &[DOUBLE, SINGLE],
        ..BASE
    },
    Language {
        names: "dart",
        keywords: "abstract as assert async await base break case catch class const continue covariant default \
                   deferred do dynamic else enum export extends extension external factory final finally for get if \
                   implements import in interface is late library mixin new on operator part required rethrow return \
                   sealed set show static super switch sync this throw try typedef var void when while with yield",
        constants: "true false null",
        strings: &[long("\"\"\""), long("'''"), DOUBLE, SINGLE],
        ..BASE
    },
    Language {
        names: "zig",
        keywords: "addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const \
                   continue defer else enum errdefer error export extern fn for if inline noalias noinline nosuspend \
                   opaque or orelse packed pub resume return struct suspend switch test threadlocal try union \
                   unreachable usingnamespace var volatile while",
        constants: "true false null undefined",
        block_comment: None,
        has_characters: true,
        ..BASE
    },
    Language {
        names: "python py python3 py3 pycon",
        keywords: "and as assert async await break case class continue def del elif else except finally for from \
                   global if import in is lambda match nonlocal not or pass raise return try while with yield",
        constants: "True False None",
        strings: &[long("\"\"\""), long("'''"), DOUBLE, SINGLE],
        ..SCRIPT
    },
    Language {
        names: "ruby rb",
        keywords: "alias and begin break case class def defined do else elsif end ensure extend for if in include \
                   module next not or private protected public raise redo require require_relative rescue retry \
                   return self super then undef unless until when while yield",
        constants: "true false nil",
        ..SCRIPT
    },
    Language {
        names: "perl pl",
        keywords: "and cmp continue do else elsif eq for foreach ge given gt if last le local lt my ne next no not or \
                   our package print redo require return say sub unless until use when while xor",
        constants: "undef",
        ..SCRIPT
    },
    Language {
        names: "lua",
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        constants: "true false nil",
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        strings: &[DOUBLE, SINGLE, raw("[[", "]]")],
        ..BASE
    },
    Language {
        names: "elixir ex exs",
        keywords: "after alias and case catch cond def defmacro defmodule defp defstruct do else end fn for if import \
                   in not or quote raise receive require rescue unless unquote use when with",
        constants: "true false nil",
        strings: &[long("\"\"\""), DOUBLE],
        ..SCRIPT
    },
    Language {
        names: "haskell hs",
        keywords: "case class data default deriving do else family forall foreign if import in infix infixl infixr \
                   instance let module newtype of qualified then type where",
        constants: "True False Nothing Just Left Right",
        line_comments: &["--"],
        block_comment: Some(("{-", "-}")),
        has_characters: true,
        ..BASE
    },
    Language {
        names: "r",
        keywords: "break else for function if in library next repeat return while",
        constants: "TRUE FALSE NULL NA NaN Inf",
        ..SCRIPT
    },
    Language {
        names: "bash sh shell zsh fish ksh console shell-session",
        keywords: "alias break builtin case cd command continue coproc declare do done echo elif else end esac eval \
                   exec exit export fi for function if in local printf read readonly return select set shift source \
                   sudo test then time trap type ulimit unalias unset until while",
        constants: "true false",
        strings: &[long("\""), raw("'", "'")],
        ..SCRIPT
    },
    Language {
        names: "powershell ps1 pwsh",
        keywords: "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for \
                   foreach from function hidden if in param process return static switch throw trap try until using \
                   while",
        line_comments: &["#"],
        block_comment: Some(("<#", "#>")),
        strings: &[long("\""), raw("'", "'")],
        ignores_case: true,
        ..BASE
    },
    Language {
        names: "sql mysql postgres postgresql sqlite plsql",
        keywords: "add all alter analyze and as asc begin between bigint bool boolean by cascade case char check \
                   column commit constraint create cross database date decimal default delete desc distinct drop else \
                   end except exists explain float foreign from full function grant group having if in index inner \
                   insert int integer intersect into is join key left like limit not numeric offset on or order outer \
                   over partition primary procedure real recursive references replace returning revoke right rollback \
                   select set smallint table text then timestamp transaction trigger truncate union unique update \
                   using uuid values varchar view when where with",
        constants: "null true false",
        line_comments: &["--"],
        strings: &[raw("'", "'"), raw("\"", "\"")],
        ignores_case: true,
        ..BASE
    },
    Language {
        names: "nix",
        keywords: "assert builtins else if import in inherit let or rec then with",
        constants: "true false null",
        line_comments: &["#"],
        strings: &[long("\""), raw("''", "''")],
        ..BASE
    },
    Language {
        names: "dockerfile docker containerfile",
        keywords: "add arg as cmd copy entrypoint env expose from healthcheck label onbuild run shell stopsignal user \
                   volume workdir",
        ignores_case: true,
        ..SCRIPT
    },
    Language {
        names: "make makefile mk",
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath",
        key_separator: Some(':'),
        ..SCRIPT
    },
    Language {
        names: "json json5 jsonc",
        constants: "true false null",
        strings: &[DOUBLE, SINGLE],
        key_separator: Some(':'),
        ..BASE
    },
    Language { names: "yaml yml", constants: "true false null yes no on off", key_separator: Some(':'), ..SCRIPT },
    Language {
        names: "toml ini conf cfg properties env dotenv",
        constants: "true false",
        line_comments: &["#", ";"],
        block_comment: None,
        strings: &[long("\"\"\""), long("'''"), DOUBLE, SINGLE],
        key_separator: Some('='),
        ..BASE
    },
    Language {
        names: "css scss sass less",
        keywords: "and from important include media mixin not only supports to",
        constants: "auto inherit initial none unset",
        strings: &[DOUBLE, SINGLE],
        key_separator: Some(':'),
        ..BASE
    },
    Language {
        names: "html htm xml svg xhtml vue svelte jsp",
        form: Form::Markup,
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        strings: &[raw("\"", "\""), raw("'", "'")],
        ..BASE
    },
    Language { names: "diff patch", form: Form::Diff, line_comments: &[], block_comment: None, strings: &[], ..BASE },
];
