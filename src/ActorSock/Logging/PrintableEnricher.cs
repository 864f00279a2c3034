using ActorSock.Wire;
using Serilog.Core;
using Serilog.Events;
using LogEvent = Serilog.Events.LogEvent;

namespace ActorSock.Logging;

/// <summary>Makes the texts of every log event printable, whoever wrote it and whatever sink reads it, so
/// that no peer can forge a line or steer a terminal by the name of a file; and durations such as people say them.</summary>
internal sealed class PrintableEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? changed = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            var printable = Printable(value);
            if (!ReferenceEquals(printable, value))
                (changed ??= []).Add(new LogEventProperty(name, printable));
        }
        foreach (var property in changed ?? []) logEvent.AddOrUpdateProperty(property);
    }

    /// <summary>The same value where nothing in it needs escaping.</summary>
    private static LogEventPropertyValue Printable(LogEventPropertyValue value) => value switch
    {
        ScalarValue { Value: string text } => Scalar(value, text),
        ScalarValue { Value: TimeSpan span } and not DurationValue => new DurationValue(span),
        ScalarValue { Value: char character } => Scalar(value, character.ToString()),
        SequenceValue sequence => Sequence(sequence),
        StructureValue structure => Structure(structure),
        DictionaryValue dictionary => Dictionary(dictionary),
        _ => value,
    };

    private static LogEventPropertyValue Scalar(LogEventPropertyValue value, string text)
    {
        var printable = Escaping.Printable(text);
        return printable == text ? value : new ScalarValue(printable);
    }

    private static LogEventPropertyValue Sequence(SequenceValue sequence)
    {
        var elements = sequence.Elements.Select(Printable).ToArray();
        return elements.SequenceEqual(sequence.Elements) ? sequence : new SequenceValue(elements);
    }

    private static LogEventPropertyValue Structure(StructureValue structure)
    {
        var values = structure.Properties.Select(property => Printable(property.Value)).ToArray();
        return values.SequenceEqual(structure.Properties.Select(property => property.Value))
            ? structure
            : new StructureValue(structure.Properties.Zip(values, (p, v) => new LogEventProperty(p.Name, v)),
                structure.TypeTag);
    }

    private static DictionaryValue Dictionary(DictionaryValue dictionary) => new(dictionary.Elements.Select(
        element => KeyValuePair.Create((ScalarValue)Printable(element.Key), Printable(element.Value))));
}
