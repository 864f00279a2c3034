namespace ActorSock.Files;

/// <summary>Brings text into Unicode's normal form C.</summary>
internal static class NormalFormC
{
    public static string Of(string text) => text.Normalize();
}
