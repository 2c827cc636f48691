// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Test') {
            steps {
                sh 'make test'
            }
        }
        stage('Licensed test') {
            when { branch 'main' }
            steps {
                withCredentials([string(credentialsId: 'license-server', variable: 'LICENSE')]) {
                    sh 'make licensed-test'
                }
            }
        }
    }
}
