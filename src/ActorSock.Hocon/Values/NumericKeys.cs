using System.Globalization;

namespace ActorSock.Hocon;

/// <summary>Reads the keys of an object that stands for an array: <c>foo.0 = a, foo.1 = b</c>.</summary>
internal static class NumericKeys
{
    /// <summary>The keys that are indices, ordered as numbers; the others are left out.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> keys) =>
        keys.Select(key => (Key: key, IsIndex: TryIndex(key, out var index), Index: index))
            .Where(entry => entry.IsIndex)
            .OrderBy(entry => entry.Index)
            .Select(entry => entry.Key);

    private static bool TryIndex(string key, out int index) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
