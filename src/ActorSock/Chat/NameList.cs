using System.Text;

namespace ActorSock.Chat;

/// <summary>Cuts a list of names to what a line has room for.</summary>
internal static class NameList
{
    /// <summary>The first of the names, and how many are left out.</summary>
    public static (IReadOnlyList<string> Names, int More) Fit(IReadOnlyList<string> names, int bytesMax)
    {
        var (count, bytes) = (0, 0);
        while (count < names.Count && (bytes += Encoding.UTF8.GetByteCount(names[count]) + 1) <= bytesMax)
            count++;
        return ([.. names.Take(count)], names.Count - count);
    }
}
