namespace NotifyGateway.Core.Formatting;

/// <summary>What was between a written line and the one before it.</summary>
internal enum LineJoint
{
    /// <summary>A newline; or a cut inside of a format, which stands there again and, joined, would be switched off by that.</summary>
    Break,

    /// <summary>A cut at a space, which was dropped.</summary>
    Space,

    /// <summary>A cut that lost nothing.</summary>
    Inside,
}
