using System.Buffers;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Decides whether a capital sigma becomes a final one in lower case.</summary>
/// <remarks>Unicode's Final_Sigma: a cased character stands before it and none behind it, and case-ignorable
/// characters are looked through. A sigma is not ignorable itself, so that no two sigmas look at the same
/// character in the same direction: all sigmas of a text together look at each character at most
/// twice.</remarks>
internal static class FinalSigma
{
    /// <summary>Says whether it is final, by the text before and behind it.</summary>
    /// <param name="ahead">The text before it.</param>
    /// <param name="before">What stands before that text.</param>
    /// <param name="behind">The text behind it.</param>
    public static bool IsFinal(ReadOnlySpan<byte> ahead, WordState before, ReadOnlySpan<byte> behind) =>
        EndsCased(ahead, before) && !StartsCased(behind);

    /// <summary>Whether the last character of a text that is not ignorable is cased.</summary>
    public static bool EndsCased(ReadOnlySpan<byte> text, WordState before)
    {
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeLastFromUtf8(text, out var rune, out var length);
            if (status != OperationStatus.Done) return false;
            var traits = CaseTable.Traits(CaseTable.Find(rune.Value));
            if ((traits & CaseTraits.CaseIgnorable) == 0) return (traits & CaseTraits.Cased) != 0;
            text = text[..^length];
        }
        return before.AfterCased;
    }

    private static bool StartsCased(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (status != OperationStatus.Done) return false;
            var traits = CaseTable.Traits(CaseTable.Find(rune.Value));
            if ((traits & CaseTraits.CaseIgnorable) == 0) return (traits & CaseTraits.Cased) != 0;
            text = text[length..];
        }
        return false;
    }
}
