resource "aws_ecr_repository" "this" {
  #checkov:skip=CKV_AWS_136:Images contain no secrets. ECR encrypts with its own key (AES-256).
  for_each = var.images

  name                 = "${var.prefix}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_delete

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    # A tag names an image index. The images per architecture and their attestations are untagged, and ECR keeps them as long as
    # the index. If they were counted too, only a fifth of the releases would be kept.
    rules = [
      {
        rulePriority = 1
        description  = "Keep the newest ${var.kept_images} releases"
        selection    = { tagStatus = "tagged", tagPatternList = ["*"], countType = "imageCountMoreThan", countNumber = var.kept_images }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Remove images that no release refers to"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 1 }
        action       = { type = "expire" }
      },
    ]
  })
}
