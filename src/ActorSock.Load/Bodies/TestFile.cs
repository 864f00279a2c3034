namespace ActorSock.Load.Bodies;

/// <summary>Says which file of a run it is, and how large.</summary>
internal readonly record struct TestFile(long Number, long Size)
{
    /// <summary>Bytes of its body that are ink; the stamp is behind them.</summary>
    public long InkBytes => Math.Max(0, Size - Stamp.BytesMax);

    /// <summary>Which way it goes through the ink.</summary>
    public int Variant => (int)(Number % Ink.VariantsCount);
}
