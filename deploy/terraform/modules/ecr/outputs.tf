output "repository_urls" {
  description = "Image → where it is pushed to."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}

output "repository_arns" {
  description = "Image → repository."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.arn }
}
