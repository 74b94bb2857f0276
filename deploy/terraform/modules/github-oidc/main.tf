data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  aws     = "arn:${data.aws_partition.current.partition}"

  issuer       = "token.actions.githubusercontent.com"
  provider_arn = var.create_provider ? aws_iam_openid_connect_provider.github[0].arn : "${local.aws}:iam::${local.account}:oidc-provider/${local.issuer}"

  images   = [for image in sort(var.images) : "${local.aws}:ecr:${local.region}:${local.account}:repository/${var.prefix}/${image}"]
  services = [for service in sort(var.services) : "${local.aws}:ecs:${local.region}:${local.account}:service/${var.prefix}/${var.prefix}-${service}"]
  # Each registration makes a revision: its number is not known before.
  families = [for service in sort(var.services) : "${local.aws}:ecs:${local.region}:${local.account}:task-definition/${var.prefix}-${service}:*"]
  roles    = flatten([for service in sort(var.services) : [for role in ["execution", "task"] : "${local.aws}:iam::${local.account}:role/${var.prefix}-${service}-${role}"]])
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358:The check cannot resolve the repository; the variable's validation keeps it from a wildcard.
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Equal, not like: no branch, no pull request, no fork and no other environment has this subject.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

data "aws_iam_policy_document" "release" {
  #checkov:skip=CKV_AWS_111:Of RegisterTaskDefinition alone; see there.
  #checkov:skip=CKV_AWS_356:Of calls that know no resource; see there.
  statement {
    sid     = "RegistryLogin"
    actions = ["ecr:GetAuthorizationToken"]
    # The action knows no resource: the token is for the whole registry, and what it is used for is limited below.
    resources = ["*"]
  }

  statement {
    sid = "PushAndLook"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = local.images
  }

  statement {
    sid     = "NewRevision"
    actions = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    # Neither call knows a resource. What a revision may do is limited by the roles that may be passed to it, and which service
    # takes it by the statement after next.
    resources = ["*"]
  }

  statement {
    sid       = "TagNewRevision"
    actions   = ["ecs:TagResource"]
    resources = local.families # of any revision: see there

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterTaskDefinition"]
    }
  }

  statement {
    sid       = "Deploy"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = local.services
  }

  statement {
    sid       = "WithTheServicesRoles"
    actions   = ["iam:PassRole"]
    resources = local.roles

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "release" {
  name                 = "${var.prefix}-release"
  description          = "Releases from ${var.repository}, environment ${var.environment}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 7200
}

resource "aws_iam_role_policy" "release" {
  name   = "release"
  role   = aws_iam_role.release.name
  policy = data.aws_iam_policy_document.release.json
}
