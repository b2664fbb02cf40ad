extension Style {
  /// The look of text that stands for something that may not be shown: dim, with the colours exchanged.
  var marked: Style {
    var style = self
    style.attributes.formSymmetricDifference(.reverse)
    style.attributes.insert(.dim)
    return style
  }
}
