variable "prefix" {
  description = "Begins each alarm's name: <prefix>-<alert>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "alerts_file" {
  description = "Prometheus rule file with the alerts; severity, description and runbook of each alarm come from it."
  type        = string

  validation {
    condition     = can(yamldecode(file(var.alerts_file)).groups[0].rules[0].alert)
    error_message = "alerts_file is a rule file whose first rule is an alert."
  }
}

variable "topic_arns" {
  description = "Severity → SNS topic."
  type        = map(string)

  validation {
    condition     = length(var.topic_arns) > 0 && alltrue([for arn in values(var.topic_arns) : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[^:*?]+$", arn))])
    error_message = "topic_arns are ARNs of SNS topics, by severity."
  }
}

variable "load_balancer" {
  description = "The producer's load balancer and target group, by the last part of their ARNs."
  type = object({
    arn_suffix              = string
    target_group_arn_suffix = string
  })

  validation {
    condition     = can(regex("^app/[^/:]+/[^/:]+$", var.load_balancer.arn_suffix)) && can(regex("^targetgroup/[^/:]+/[^/:]+$", var.load_balancer.target_group_arn_suffix))
    error_message = "load_balancer has app/<name>/<id> and targetgroup/<name>/<id>, not whole ARNs."
  }
}

variable "consumer" {
  description = "The consumer: ECS cluster, ECS service and consumer group."
  type = object({
    cluster_name = string
    service_name = string
    group_id     = string
  })

  validation {
    condition     = alltrue([for name in [var.consumer.cluster_name, var.consumer.service_name] : can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$", name))])
    error_message = "consumer.cluster_name and consumer.service_name are names, not ARNs."
  }

  # CloudWatch shows no lag of a group with a colon in its name.
  validation {
    condition     = can(regex("^[^:/*?]{1,255}$", var.consumer.group_id))
    error_message = "consumer.group_id has no colon, slash or wildcard in it."
  }
}

variable "kafka" {
  description = "The MSK cluster's name, the topic and its dead-letter topic."
  type = object({
    cluster_name      = string
    topic             = string
    dead_letter_topic = string
  })

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,64}$", var.kafka.cluster_name))
    error_message = "kafka.cluster_name is an MSK cluster's name, not its ARN."
  }

  validation {
    condition     = alltrue([for topic in [var.kafka.topic, var.kafka.dead_letter_topic] : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))]) && var.kafka.topic != var.kafka.dead_letter_topic
    error_message = "kafka.topic and kafka.dead_letter_topic are two legal topic names."
  }
}
