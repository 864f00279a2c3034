using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon;

/// <summary>
/// Gives HOCON to .NET's configuration: <c>a { b = [x] }</c> is the key <c>a:b:0</c> with the value <c>x</c>.
/// </summary>
/// <remarks>
/// Values stay the text that was written, unless <see cref="BindTo{T}"/> says what the settings class expects
/// there. Lay several documents over one another with <see cref="HoconDocument.WithFallback"/> and add the
/// result once: of two sources, neither sees the other's substitutions, and .NET merges their arrays element
/// by element.
/// </remarks>
public sealed class HoconConfigurationSource : IConfigurationSource
{
    /// <summary>
    /// Gives the document each time that the configuration is loaded; throws what is wrong with it.
    /// </summary>
    public required Func<HoconDocument> Document { get; init; }

    /// <summary>How keys are written for .NET.</summary>
    public HoconKeyStyle Keys { get; set; } = HoconKeyStyle.AsWritten;

    /// <summary>
    /// What substitutions are looked up in when no key answers them; the environment of the process.
    /// </summary>
    public Func<string, string?> Environment { get; set; } = System.Environment.GetEnvironmentVariable;

    /// <summary>
    /// Told each problem of a single value (its place is in it), and the value stays away; null throws the
    /// first one.
    /// </summary>
    public Action<HoconException>? OnProblem { get; set; }

    internal Type? Target { get; private set; }

    internal HoconPath? TargetPath { get; private set; }

    /// <summary>Says that .NET's binder will fill a settings class from the object at a path.</summary>
    /// <remarks>
    /// Where a property is a <see cref="TimeSpan"/>, <c>10s</c> is handed on as <c>00:00:10</c> (and a bare
    /// number as milliseconds, where .NET would have taken days); where it is an integer, <c>64KiB</c> as
    /// <c>65536</c>; where it is a <see cref="bool"/>, <c>on</c> as <c>True</c>. Everything else stays as it
    /// was written: a string property gets <c>10s</c>. What cannot be converted is a problem with its place
    /// in the file.
    /// </remarks>
    /// <typeparam name="T">
    /// The settings class; properties that are classes, lists and dictionaries are followed.
    /// </typeparam>
    /// <param name="path">Where its object is; null is the root.</param>
    [RequiresUnreferencedCode("Reads the properties of the settings class, as .NET's binder does.")]
    public void BindTo<T>(string? path = null)
    {
        Target = typeof(T);
        TargetPath = path is null ? null : HoconPath.Parse(path);
    }

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) =>
        new HoconConfigurationProvider(this);
}
