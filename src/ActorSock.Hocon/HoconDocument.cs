using System.Collections.Immutable;
using ActorSock.Hocon.Parsing;
using ActorSock.Hocon.Resolving;

namespace ActorSock.Hocon;

/// <summary>
/// A configuration that was read but not yet resolved: its substitutions still wait for their values.
/// </summary>
/// <remarks>
/// Lay documents over one another first (<see cref="WithFallback"/>) and resolve once at the end: then
/// <c>${x}</c> in a lower layer sees what a higher one says about <c>x</c>. A document never changes.
/// </remarks>
public sealed class HoconDocument
{
    private readonly ImmutableArray<Node> _rootsFromLowest;
    private readonly HoconLimits _limits;

    private HoconDocument(ImmutableArray<Node> rootsFromLowest, HoconLimits? limits)
    {
        _rootsFromLowest = rootsFromLowest;
        _limits = limits ?? HoconLimits.Default;
    }

    /// <summary>Nothing at all.</summary>
    public static HoconDocument Empty { get; } = new([], null);

    /// <summary>Whether nothing is in it; a document with an empty root object says nothing either.</summary>
    public bool IsEmpty => _rootsFromLowest.All(root => root is ObjectNode { Fields.Count: 0 });

    /// <summary>Reads text. Files that it includes must be named with their absolute paths.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="origin">What error messages and origins call the text, such as <c>--set</c>.</param>
    /// <param name="limits">What the document may cost.</param>
    /// <exception cref="HoconException">The text is no HOCON, or a file that it includes is not.</exception>
    public static HoconDocument Parse(string text, string origin = "text", HoconLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new([new Includer(limits ?? HoconLimits.Default).ParseText(text, origin)], limits);
    }

    /// <summary>Reads UTF-8 from a stream, such as an embedded resource, to its end.</summary>
    /// <param name="stream">The configuration; the caller disposes of it.</param>
    /// <param name="origin">What error messages and origins call it.</param>
    /// <param name="limits">What the document may cost.</param>
    /// <exception cref="HoconException">The content is no HOCON, or a file that it includes is
    /// not.</exception>
    public static HoconDocument Parse(Stream stream, string origin, HoconLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new([new Includer(limits ?? HoconLimits.Default).ParseStream(stream, origin)], limits);
    }

    /// <summary>Reads a file, and the files that it includes, relative to it.</summary>
    /// <exception cref="HoconException">There is no such file, or it cannot be read, or it is no
    /// HOCON.</exception>
    public static HoconDocument ParseFile(string path, HoconLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new([new Includer(limits ?? HoconLimits.Default).ParseFile(path)], limits);
    }

    /// <summary>A document that says what this object says.</summary>
    public static HoconDocument Of(HoconObject value) => new([Node.Of(value)], null);

    /// <summary>A document that says one thing: the value at the path.</summary>
    public static HoconDocument Of(HoconPath path, HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(value);
        var elements = path.Elements;
        for (var i = elements.Length - 1; i >= 0; i--)
            value = new HoconObject([new(elements[i], value)], value.Origin);
        return Of((HoconObject)value);
    }

    /// <summary>This document laid over another: what it says wins, objects are merged.</summary>
    public HoconDocument WithFallback(HoconDocument lower)
    {
        ArgumentNullException.ThrowIfNull(lower);
        return new(lower._rootsFromLowest.AddRange(_rootsFromLowest), _limits);
    }

    /// <summary>
    /// Looks all substitutions up; those that no key answers, in the environment of the process.
    /// </summary>
    /// <exception cref="HoconException">One has no value, or they go in a circle, or the root is an
    /// array.</exception>
    public HoconObject Resolve() => Resolve(Environment.GetEnvironmentVariable);

    /// <summary>Looks all substitutions up.</summary>
    /// <param name="environment">
    /// Asked for what no key answers, by the path with dots; null when it does not know either.
    /// </param>
    /// <exception cref="HoconException">One has no value, or they go in a circle, or the root is an
    /// array.</exception>
    public HoconObject Resolve(Func<string, string?> environment) => ResolveValue(environment) switch
    {
        HoconObject root => root,
        var other => throw new HoconException(
            other.Origin, $"expected an object at the root but found {other.Kind}"),
    };

    /// <summary>
    /// As <see cref="Resolve(Func{string, string})"/>, for a root that may be an array as in JSON.
    /// </summary>
    public HoconValue ResolveValue(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new HoconResolver(_rootsFromLowest, _limits, environment).Resolve() ?? HoconObject.Empty;
    }
}
