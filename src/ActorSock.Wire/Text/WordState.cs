namespace ActorSock.Wire.Text;

/// <summary>What the characters before a place in a text mean for those behind it.</summary>
/// <param name="InWord">Whether the last one is cased: then a word goes on.</param>
/// <param name="AfterCased">Whether the last one that is not case-ignorable is cased: then a sigma may be final.</param>
internal readonly record struct WordState(bool InWord, bool AfterCased)
{
    /// <summary>Behind one character alone.</summary>
    public WordState(CaseTraits traits)
        : this((traits & CaseTraits.Cased) != 0, (traits & (CaseTraits.Cased | CaseTraits.CaseIgnorable)) == CaseTraits.Cased)
    {
    }
}
